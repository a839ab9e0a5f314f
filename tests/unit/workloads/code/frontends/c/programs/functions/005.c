#include <stdio.h>
void hanoi(int n, char a, char b, char c, int *moves) { if (!n) return; hanoi(n - 1, a, c, b, moves); ++*moves; if (n == 4) printf("%c->%c\n", a, c); hanoi(n - 1, b, a, c, moves); } int main(void) { int m = 0; hanoi(5, 'A', 'B', 'C', &m); printf("%d\n", m); return m; }
