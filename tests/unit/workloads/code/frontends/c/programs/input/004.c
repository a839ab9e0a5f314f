#include <stdio.h>
int main(void) { double a, b, c; int n = scanf("%lf %lf %lf", &a, &b, &c); printf("%d %g %g %g\n", n, a, b, c); return 0; }
