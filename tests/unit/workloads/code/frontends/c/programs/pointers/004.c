#include <stdio.h>
int main(void) { int x = 3; int *p = &x; int **q = &p; **q = 8; printf("%d\n", x); int y = 4; *q = &y; printf("%d %d\n", *p, **q); return 0; }
