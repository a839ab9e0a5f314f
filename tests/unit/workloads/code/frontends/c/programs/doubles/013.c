#include <stdio.h>
double e(void) { double s = 1, t = 1; for (int i = 1; i < 20; i++) s += t /= i; return s; } double ln(double x) { double y = (x - 1) / (x + 1), p = y, s = 0; for (int i = 1; i < 60; i += 2) { s += p / i; p *= y * y; } return 2 * s; } int main(void) { printf("%.14f %.12f\n", e(), ln(2)); return 0; }
