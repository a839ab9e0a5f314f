#include <stdio.h>
int main(void) { unsigned long u = 18446744073709551615u; double d = u; printf("%.0f\n", d); long n = -9007199254740993; d = n; printf("%.0f\n", d); printf("%.1f\n", (double)(1 << 30) * 4); printf("%g\n", 5 / 2 + 5 / 2.0); return 0; }
