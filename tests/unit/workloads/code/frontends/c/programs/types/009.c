#include <stdio.h>
int main(void) { int x = 7; double d = x / 2; double e = x / 2.0; printf("%f %f %f\n", d, e, (double)x / 2); return 0; }
