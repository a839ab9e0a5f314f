#include <stdio.h>
int main(void) { double s = 0; for (int i = 1; i <= 50; i++) s += 1.0 / i; printf("%.15f\n", s); return 0; }
