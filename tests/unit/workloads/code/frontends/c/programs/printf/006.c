#include <stdio.h>
int main(void) { printf("%g %g %g %g %g %g\n", 100000.0, 1000000.0, 0.0001, 0.00001, 123456789.0, 1.5); printf("%.3g %.10g %g %G\n", 3.14159, 2.0 / 3, 1e-10, 1e-10); printf("%#g %#.3g\n", 1.0, 2.0); return 0; }
