#include <stdio.h>
int main(void) { printf("%ld %ld %lu %lx\n", 1L << 62, -(1L << 62), ~0UL, ~0UL); printf("%lld %llu %zu\n", 123456789012LL, 5ULL, sizeof(int)); return 0; }
