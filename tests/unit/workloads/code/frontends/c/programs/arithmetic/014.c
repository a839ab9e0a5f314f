#include <stdio.h>
int main(void) { printf("%d %d %d\n", 3 * 3 + 4 * 4 == 5 * 5, 3 > 2 > 1, !(1 > 2) + !0); return 0; }
