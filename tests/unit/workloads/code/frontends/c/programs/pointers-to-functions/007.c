#include <stdio.h>
void each(const int *v, int n, void (*visit)(int, void *), void *with) { for (int i = 0; i < n; i++) visit(v[i], with); } static void sum(int v, void *t) { *(int *)t += v; } static void largest(int v, void *t) { int *m = t; if (v > *m) *m = v; } int main(void) { int v[] = {3, 9, 4}, t = 0, m = 0; each(v, 3, sum, &t); each(v, 3, largest, &m); printf("%d %d\n", t, m); return 0; }
