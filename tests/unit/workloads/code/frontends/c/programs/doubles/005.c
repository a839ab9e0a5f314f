#include <stdio.h>
int main(void) { double x = 0.1 + 0.2; printf("%d %d %.17g\n", x == 0.3, x > 0.3, x); printf("%d %d\n", 0.5 + 0.25 == 0.75, 1e16 + 1 == 1e16); return 0; }
