#include <stdio.h>
int main(void) { int n = 12345, s = 0; while (n) { s += n % 10; n /= 10; } printf("%d\n", s); return s; }
