#include <stdio.h>
int main(void) { int a = 3, b = 4; int t = a; a = b; b = t; printf("%d %d\n", a, b); a = a + b; b = a - b; a = a - b; printf("%d %d\n", a, b); return 0; }
