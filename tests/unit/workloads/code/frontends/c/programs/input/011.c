#include <stdio.h>
int main(void) { long a; short b; int c; scanf("%ld %hd %3d", &a, &b, &c); printf("%ld %d %d\n", a, b, c); scanf("%d", &c); printf("%d\n", c); return 0; }
