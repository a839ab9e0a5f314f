#include <stdio.h>
int main(void) { int a = 1, b = 2, c; c = (a++, b += a, a + b); printf("%d %d %d\n", a, b, c); int m = a > b ? a : b, n = a < b ? a == 2 ? 10 : 20 : 30; printf("%d %d\n", m, n); return 0; }
