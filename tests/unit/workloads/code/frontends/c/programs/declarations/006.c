#include <stdio.h>
int main(void) { int a[5] = {1, 2}, b[] = {4, 5, 6}, c[4] = {[2] = 7, 8}, d[2][3] = {{1}, {2, 3}}, e[2][2] = {1, 2, 3, 4}; printf("%d%d%d %lu %d%d%d%d %d%d%d %d\n", a[1], a[2], a[4], sizeof b / sizeof *b, c[0], c[1], c[2], c[3], d[0][0], d[1][1], d[1][2], e[1][0]); return 0; }
