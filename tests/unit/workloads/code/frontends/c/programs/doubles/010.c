#include <stdio.h>
double horner(const double *c, int n, double x) { double r = 0; while (n--) r = r * x + c[n]; return r; } int main(void) { double c[] = {1, -3, 0.5, 2}; printf("%g %g\n", horner(c, 4, 2), horner(c, 4, -0.5)); double x = 1; do x /= 2; while (1 + x > 1); printf("%g\n", x); return 0; }
