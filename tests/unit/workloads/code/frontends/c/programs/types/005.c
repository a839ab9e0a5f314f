#include <stdio.h>
int main(void) { long a = 1L << 40; unsigned long b = 1UL << 63; printf("%ld %lu %lx\n", a, b, b - 1); return 0; }
