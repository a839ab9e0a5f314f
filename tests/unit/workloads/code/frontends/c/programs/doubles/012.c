#include <stdio.h>
#include <float.h>
int main(void) { printf("%g %g %g %d\n", DBL_MAX, DBL_MIN, DBL_EPSILON, DBL_DIG); printf("%d\n", 1 + DBL_EPSILON > 1); double d = DBL_MIN / 4; printf("%g %g\n", d, d * 4); return 0; }
