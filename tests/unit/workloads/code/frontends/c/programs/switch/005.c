#include <stdio.h>
int main(void) { int n = 0; for (int i = -12; i < 40; i++) switch (i) { case -10: case -5: n += 1; break; case 0: n += 2; break; case 3: n += 4; break; case 7: n += 8; break; case 12: n += 16; break; case 20: n += 32; break; case 21: n += 64; break; case 35: n += 128; break; case 39: n += 256; break; } printf("%d\n", n); return 0; }
