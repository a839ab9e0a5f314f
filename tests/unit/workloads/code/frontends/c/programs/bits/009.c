#include <stdio.h>
int main(void) { for (unsigned i = 0; i < 16; i++) { unsigned g = i ^ i >> 1; for (int b = 3; b >= 0; b--) putchar('0' + (g >> b & 1)); putchar(' '); } puts(""); int x = 5, y = 9; x ^= y; y ^= x; x ^= y; printf("%d %d\n", x, y); return 0; }
