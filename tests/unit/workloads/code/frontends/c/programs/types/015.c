#include <stdio.h>
int main(void) { printf("%d %d %d\n", -7 >> 1, 7 >> 1, -1 >> 31); printf("%u\n", 4294967288u >> 1); printf("%d\n", 5 & -2 | 1 ^ 3); return 0; }
