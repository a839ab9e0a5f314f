#include <stdio.h>
int main(void) { unsigned x = 0xF0F0; printf("%x %x %x %x\n", x & 0xFF, x | 0xF, x ^ 0xFFFF, ~x); return 0; }
