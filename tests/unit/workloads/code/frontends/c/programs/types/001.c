#include <stdio.h>
int main(void) { char c = 200; unsigned char u = 200; signed char s = -1; printf("%d %d %d\n", c, u, s); return 0; }
