#include <stdio.h>
#include <stdlib.h>
int up(const void *a, const void *b) { return *(const int *)a - *(const int *)b; } int down(const void *a, const void *b) { return up(b, a); } int main(void) { int v[] = {4, 1, 3, 5, 2}; qsort(v, 5, sizeof v[0], up); for (int i = 0; i < 5; i++) printf("%d", v[i]); qsort(v, 5, sizeof v[0], down); for (int i = 0; i < 5; i++) printf("%d", v[i]); int k = 3; qsort(v, 5, 4, up); int *f = bsearch(&k, v, 5, 4, up); printf(" %ld\n", f - v); return 0; }
