#include <stdio.h>
unsigned crc(const char *s) { unsigned c = ~0u; for (; *s; s++) { c ^= (unsigned char)*s; for (int k = 0; k < 8; k++) c = c & 1 ? c >> 1 ^ 0xEDB88320u : c >> 1; } return ~c; } int main(void) { printf("%08x\n", crc("123456789")); return 0; }
