#include <stdio.h>
double mean(const int *v, int n) { double s = 0; for (int i = 0; i < n; i++) s += v[i]; return s / n; } int main(void) { int v[] = {1, 2, 3, 4}; printf("%f\n", mean(v, 4)); return 0; }
