#include <stdio.h>
const int limit = 10; static const double table[] = {0.5, 0.25}; volatile int seen; int main(void) { register int i; const int *p = &limit; for (i = 0; i < *p; i++) seen += i; printf("%d %.2f\n", seen, table[1]); return 0; }
