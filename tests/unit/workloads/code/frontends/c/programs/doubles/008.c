#include <stdio.h>
int main(void) { double v[] = {3.5, -1.25, 1e10, 2}; double m = v[0]; int at = 0; for (int i = 1; i < 4; i++) if (v[i] > m) { m = v[i]; at = i; } printf("%d %g\n", at, m); double s = 0; for (int i = 0; i < 4; i++) s = s / 2 + v[i]; printf("%.3f\n", s); return 0; }
