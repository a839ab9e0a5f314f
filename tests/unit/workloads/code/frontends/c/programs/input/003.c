#include <stdio.h>
int main(void) { int c, n = 0, lines = 0; while ((c = getchar()) != EOF) { n++; if (c == '\n') lines++; putchar(c >= 'a' && c <= 'z' ? c - 32 : c); } printf("\n%d %d\n", n, lines); return 0; }
