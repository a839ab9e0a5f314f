#include <stdio.h>
int main(void) { int a, b, n; scanf("%d %*s %d%n", &a, &b, &n); printf("%d %d %d\n", a, b, n); return 0; }
