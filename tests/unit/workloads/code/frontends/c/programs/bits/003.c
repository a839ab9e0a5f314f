#include <stdio.h>
int main(void) { printf("%d %d %u %d\n", 1 << 10, 1024 >> 3, 1u << 31, -16 >> 2); long l = 1L << 50; printf("%ld %ld\n", l, l >> 45); int s = 3; s <<= 4; s |= 1; s ^= 0x11; s &= ~0x20; s >>= 1; printf("%d\n", s); return 0; }
