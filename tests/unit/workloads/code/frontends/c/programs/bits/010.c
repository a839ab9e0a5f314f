#include <stdio.h>
int main(void) { int parity = 0; unsigned v = 0xDEADBEEF; while (v) { parity ^= v & 1; v >>= 1; } long m = -1; printf("%d %ld %lu\n", parity, m >> 40, (unsigned long)m >> 40); printf("%d %d\n", (5 & 6) == 4, 5 & 6 == 4); return 0; }
