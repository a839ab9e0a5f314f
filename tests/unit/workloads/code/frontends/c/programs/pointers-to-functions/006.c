#include <stdio.h>
int (*choose(char c))(int, int); static int a(int x, int y) { return x + y; } static int s(int x, int y) { return x - y; } int (*choose(char c))(int, int) { return c == '+' ? a : s; } int main(void) { printf("%d %d\n", choose('+')(8, 3), choose('-')(8, 3)); return 0; }
