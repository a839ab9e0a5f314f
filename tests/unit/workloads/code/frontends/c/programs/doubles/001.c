#include <stdio.h>
int main(void) { double a = 1.5, b = 0.25; printf("%g %g %g %g %g\n", a + b, a - b, a * b, a / b, -a); return 0; }
