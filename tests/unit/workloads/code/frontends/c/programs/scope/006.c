#include <stdio.h>
int f(int x) { { int y = x; { int z = y; x += z; } } return x; } int g(int f) { return f + 1; } int main(void) { printf("%d %d\n", f(4), g(4)); return 0; }
