#include <stdio.h>
long modpow(long b, long e, long m) { long r = 1; for (b %= m; e; e >>= 1) { if (e & 1) r = r * b % m; b = b * b % m; } return r; } int prime(long n) { if (n < 4) return n > 1; for (long a = 2; a < 8; a++) if (n > a && modpow(a, n - 1, n) != 1) return 0; return 1; } int main(void) { printf("%ld %d %d\n", modpow(3, 200, 1000007), prime(1000003), prime(1000005)); return 0; }
