#include <stdio.h>
int main(void) { printf("%d %d\n", 10 - 3, 3 - 10); return 0; }
