#include <stdio.h>
double pi(int n) { double s = 0; for (int i = 0; i < n; i++) s += (i % 2 ? -4.0 : 4.0) / (2 * i + 1); return s; } int main(void) { printf("%.10f\n", pi(200)); return 0; }
