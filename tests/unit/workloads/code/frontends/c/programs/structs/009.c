#include <stdio.h>
struct big { int v[20]; int n; }; struct big make(int n) { struct big b; b.n = n; for (int i = 0; i < 20; i++) b.v[i] = i * n; return b; } int sum(struct big b) { int s = 0; for (int i = 0; i < 20; i++) s += b.v[i]; b.n = 0; return s; } int main(void) { struct big a = make(3), b; b = a; b.v[0] = 100; printf("%d %d %d\n", sum(a), sum(b), a.n); return 0; }
