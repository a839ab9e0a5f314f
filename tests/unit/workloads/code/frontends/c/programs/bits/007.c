#include <stdio.h>
unsigned long mix(unsigned long x) { x ^= x >> 33; x *= 0xff51afd7ed558ccdUL; x ^= x >> 33; x *= 0xc4ceb9fe1a85ec53UL; return x ^ x >> 33; } int main(void) { printf("%lx %lx\n", mix(1), mix(mix(2))); return 0; }
