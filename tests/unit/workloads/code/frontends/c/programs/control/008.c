#include <stdio.h>
int main(void) { int a = 0, b = 0; for (int i = 0, j = 10; i < j; i++, j--) { a += i; b += j; } printf("%d %d\n", a, b); return 0; }
