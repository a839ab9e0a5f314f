#include <stdio.h>
int *largest(int *v, int n) { int *m = v; for (int i = 1; i < n; i++) if (v[i] > *m) m = v + i; return m; } int main(void) { int v[] = {3, 9, 2, 7}; *largest(v, 4) = 0; for (int i = 0; i < 4; i++) printf("%d ", v[i]); puts(""); return 0; }
