#include <stdio.h>
unsigned hash(const char *s) { unsigned h = 5381; while (*s) h = h * 33 + (unsigned char)*s++; return h; } int main(void) { printf("%u %u %x\n", hash(""), hash("analytical"), hash("engine engine engine")); return 0; }
