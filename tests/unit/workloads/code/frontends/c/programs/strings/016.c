#include <stdio.h>
void itoa10(int n, char *out) { char t[12]; int i = 0, neg = n < 0; unsigned u = neg ? -(unsigned)n : n; do t[i++] = '0' + u % 10; while (u /= 10); if (neg) t[i++] = '-'; while (i) *out++ = t[--i]; *out = 0; } int main(void) { char b[12]; itoa10(-2147483648, b); puts(b); itoa10(0, b); puts(b); itoa10(905, b); puts(b); return 0; }
