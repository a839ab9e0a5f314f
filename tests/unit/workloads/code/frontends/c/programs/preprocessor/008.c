#include <stdio.h>
#define SWAP(T, a, b) do { T t_ = a; a = b; b = t_; } while (0)
int main(void) { int p = 1, q = 2; if (p < q) SWAP(int, p, q); else puts("no"); printf("%d %d\n", p, q); double d = 1.5, e = 2.5; SWAP(double, d, e); printf("%.1f\n", d); return 0; }
