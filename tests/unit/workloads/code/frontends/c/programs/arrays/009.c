#include <stdio.h>
short s[10]; unsigned char c[10]; int main(void) { for (int i = 0; i < 10; i++) { s[i] = i * -1000; c[i] = i * 30; } int t = 0; for (int i = 0; i < 10; i++) t += s[i] + c[i]; printf("%d %d %d\n", t, s[9], c[9]); return 0; }
