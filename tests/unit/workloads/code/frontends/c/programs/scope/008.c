#include <stdio.h>
unsigned seed = 42; unsigned next(void) { seed = seed * 1103515245u + 12345u; return seed / 65536u % 32768u; } int main(void) { int v[5]; for (int i = 0; i < 5; i++) v[i] = next() % 100; for (int i = 0; i < 5; i++) printf("%d ", v[i]); printf("%u\n", seed); return 0; }
