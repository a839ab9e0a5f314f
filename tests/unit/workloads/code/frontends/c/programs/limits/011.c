#include <stdio.h>
int f(int a) { return a; } int main(void) { int v = 0; v = f(f(f(f(f(f(f(f(1)))))))) + f(2) * (f(3) - f(4) * (f(5) + f(6) * (f(7) - f(8)))); printf("%d\n", v); int a = 1, b = 2, c = 3, d = 4, e = 5, g = 6, h = 7; printf("%d\n", (a + b) * (c + d) + (e + g) * (h + a) - ((a - b) * (c - d) + (e - g) * (h - a)) * ((b + c) * (d + e))); return 0; }
