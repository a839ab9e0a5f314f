#include <stdio.h>
int main(void) { printf("%d\n", 100 - 10 - 5); printf("%d\n", 100 / 10 / 5); printf("%d\n", 2 * 3 % 4); return 0; }
