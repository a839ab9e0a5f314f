#include <stdio.h>
#include <stdlib.h>
int main(void) { int n = 4, cap = 2, used = 0, *v = malloc(cap * sizeof(int)); for (int i = 0; i < 50; i++) { if (used == cap) v = realloc(v, (cap *= 2) * sizeof(int)); v[used++] = i * n; } long s = 0; for (int i = 0; i < used; i++) s += v[i]; printf("%d %ld\n", used, s); free(v); return 0; }
