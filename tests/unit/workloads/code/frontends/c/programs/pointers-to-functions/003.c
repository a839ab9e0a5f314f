#include <stdio.h>
typedef double (*fn)(double); static double sq(double x) { return x * x; } static double half(double x) { return x / 2; } double integrate(fn f, double a, double b, int n) { double s = 0, h = (b - a) / n; for (int i = 0; i < n; i++) s += f(a + (i + 0.5) * h) * h; return s; } int main(void) { printf("%.6f %.6f\n", integrate(sq, 0, 3, 30), integrate(half, 0, 4, 10)); return 0; }
