#include <stdio.h>
unsigned reverse(unsigned v) { unsigned r = 0; for (int i = 0; i < 32; i++) { r = r << 1 | (v & 1); v >>= 1; } return r; } int main(void) { printf("%08x %08x\n", reverse(1), reverse(0x12345678)); return 0; }
