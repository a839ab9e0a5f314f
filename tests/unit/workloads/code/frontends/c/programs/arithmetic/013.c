#include <stdio.h>
int main(void) { int a = 48, b = 36; while (b) { int t = a % b; a = b; b = t; } printf("%d\n", a); return 0; }
