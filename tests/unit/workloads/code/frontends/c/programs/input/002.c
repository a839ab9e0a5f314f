#include <stdio.h>
int main(void) { int v, s = 0, n = 0; while (scanf("%d", &v) == 1) { s += v; n++; } printf("%d %d\n", n, s); return 0; }
