#include <stdio.h>
long power(long b, int e) { long r = 1; while (e) { if (e & 1) r *= b; b *= e > 1 ? b : 1; e >>= 1; } return r; } int main(void) { printf("%ld %ld\n", power(2, 40), power(3, 20)); return 0; }
