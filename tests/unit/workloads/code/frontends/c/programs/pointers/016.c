#include <stdio.h>
double bits(unsigned long b) { return *(double *)&b; } int main(void) { double d = 1.0; unsigned long u = *(unsigned long *)&d; printf("%lx %f\n", u, bits(0x4008000000000000UL)); d = -2.0; printf("%ld\n", *(long *)&d); return 0; }
