#include <stdio.h>
#include <math.h>
int main(void) { printf("%.6f %.3f %g %g\n", sqrt(2), fabs(-3.5), floor(-2.5), ceil(2.1)); printf("%g %g %g %g\n", pow(2, 10), fmod(7.5, 2), trunc(-1.9), round(2.5)); printf("%g %g %g\n", fmax(1, 2), fmin(1, 2), hypot(3, 4)); return 0; }
