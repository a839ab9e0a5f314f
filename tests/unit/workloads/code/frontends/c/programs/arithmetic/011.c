#include <stdio.h>
int main(void) { int a, b, c; a = b = c = 7; printf("%d %d %d\n", a, b, c); a = (b = 3) + (c = 4); printf("%d\n", a); return 0; }
