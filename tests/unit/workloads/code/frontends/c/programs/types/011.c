#include <stdio.h>
int main(void) { long x = 2147483647; x = x + 1; int y = (int)x; printf("%ld %d\n", x, y); unsigned long z = -1; printf("%lu %ld\n", z, (long)z); return 0; }
