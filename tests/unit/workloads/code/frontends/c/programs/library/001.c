#include <stdio.h>
#include <stdlib.h>
int main(void) { printf("%d %d %d %ld\n", atoi("42"), atoi("-17xyz"), atoi("  +8"), atol("123456789012")); printf("%g %g\n", atof("2.5"), atof("-1e-3abc")); return 0; }
