#include <stdio.h>
int main(void) { printf("%u %o %x %X %#x %#o %#X\n", 255u, 255, 255, 255, 255, 255, 255); printf("%08x|%-8x|%#10x|%x\n", 48879, 48879, 48879, -1); return 0; }
