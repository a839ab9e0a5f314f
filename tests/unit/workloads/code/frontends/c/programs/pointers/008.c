#include <stdio.h>
int main(void) { double d[3] = {1.5, 2.5, 3.5}; double *p = d + 1; *p *= 2; printf("%.1f %.1f %.1f %ld\n", d[0], d[1], p[1], (char *)p - (char *)d); return 0; }
