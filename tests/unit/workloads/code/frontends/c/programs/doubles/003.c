#include <stdio.h>
double root(double x) { double g = x; for (int i = 0; i < 30; i++) g = (g + x / g) / 2; return g; } int main(void) { printf("%.12f %.12f\n", root(2), root(1e6)); return 0; }
