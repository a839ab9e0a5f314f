#include <stdio.h>
int main(void) { printf("%.17g %.17g %.17g\n", 0.1, 1.0 / 3, 1e23); printf("%.20f\n", 0.1); printf("%.15f %.1f\n", 1e-15, 0.05); printf("%f\n", 123456789012345678.0); return 0; }
