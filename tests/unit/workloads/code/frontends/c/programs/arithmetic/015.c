#include <stdio.h>
int main(void) { int x = 6; printf("%d %d %d\n", x * x - x, +x, -(-x)); printf("%d\n", 07 + 0x1F + 0b101 + 'A'); return 0; }
