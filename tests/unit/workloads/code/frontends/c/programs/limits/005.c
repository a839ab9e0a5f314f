#include <stdio.h>
int main(void) { long big = 9223372036854775807L; printf("%ld %lu\n", big - 1, (unsigned long)big + 1); unsigned long u = 0; printf("%lu %lu\n", u - 1, (u - 1) / 3); printf("%ld\n", (long)(u - 1)); unsigned a = 4000000000u, b = 3; printf("%u %u %u %d\n", a * b, a / b, a % 7, a > b); return 0; }
