#include <stdio.h>
int main(void) { int i = 7; double d = i; d += 0.5; i = d; printf("%d %g\n", i, d); i += 1.7; printf("%d\n", i); i *= 1.5; printf("%d\n", i); unsigned u = 3000000000.0; printf("%u\n", u); char c = 65.9; printf("%c\n", c); return 0; }
