#include <stdio.h>
#include <stdlib.h>
int main(void) { double d = strtod("123456789012345678901234567890", 0); printf("%.0f %g %g\n", d, strtod("1e400", 0), strtod("4.9e-324", 0)); printf("%.17g %.17g\n", atof("0.1"), atof("3.14159265358979323846264338327950288419716939937510582")); return 0; }
