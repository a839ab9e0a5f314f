#include <stdio.h>
int main(void) { int a = 2147483647; int b = -a - 1; printf("%d %d %d\n", a, b, a + b); return 0; }
