#include <stdio.h>
int main(void) { int x = 5, *p = &x; *p = 9; printf("%d %d\n", x, *p + 1); return 0; }
