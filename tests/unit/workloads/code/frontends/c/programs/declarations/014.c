#include <stdio.h>
unsigned long int a = 1; long unsigned b = 2; int long c = 3; short int d = 4; signed e = -5; unsigned f = 6; char unsigned g = 7; long long h = 8; int main(void) { printf("%lu %lu %ld %d %d %u %d %lld\n", a, b, c, d, e, f, g, h); return 0; }
