#include <stdio.h>
int main(void) { double inf = 1e308 * 10, z = 0; printf("%f %f %g %e\n", inf, -inf, inf, -inf); printf("%5.1f|%-6f|%06f\n", inf, inf, inf); printf("%d %d\n", inf > 1e308, inf == inf); return z; }
