#include <stdio.h>
int main(void) { printf("%f\n%f\n", 1e22, 123456789e20); printf("%.3f\n", 1e50); printf("%g %g\n", 1.7976931348623157e308, 4.9406564584124654e-324); printf("%.0f\n", 1.7976931348623157e308); return 0; }
