#include <stdio.h>
int main(void) { int i = -1; unsigned u = 1; printf("%d %d\n", i < u, i < (int)u); long l = -1; printf("%d\n", l < u); return 0; }
