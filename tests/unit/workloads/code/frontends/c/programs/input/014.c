#include <stdio.h>
int main(void) { int a, b; char s[8]; int n = sscanf("10 + 32 rest", "%d + %d %7s", &a, &b, s); printf("%d %d %s\n", n, a + b, s); printf("%d\n", sscanf("x", "%d", &a)); return 0; }
