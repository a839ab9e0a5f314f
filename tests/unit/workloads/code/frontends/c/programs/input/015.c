#include <stdio.h>
#include <stdlib.h>
int main(void) { int n; scanf("%d", &n); int *v = malloc(n * sizeof *v); for (int i = 0; i < n; i++) scanf("%d", v + i); for (int i = n - 1; i >= 0; i--) printf("%d ", v[i]); puts(""); free(v); return 0; }
