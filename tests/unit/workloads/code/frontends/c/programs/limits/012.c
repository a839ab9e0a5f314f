#include <stdio.h>
int main(void) { int a = 1, b = 2, c = 3, d = 4, e = 5, f = 6, g = 7, h = 8; for (int i = 0; i < 5; i++) { a += b; b += c; c += d; d += e; e += f; f += g; g += h; h += a & 3; } printf("%d %d %d %d %d %d %d %d\n", a, b, c, d, e, f, g, h); return 0; }
