#include <stdio.h>
int main(void) { printf("%e %e %E\n", 12345.678, 0.00012, 1e100); printf("%.2e|%12.3e|%-12.0e|\n", 9.999, -5.5, 123.0); return 0; }
