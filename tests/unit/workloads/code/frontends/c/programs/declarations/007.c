#include <stdio.h>
struct p { int x, y; char n[4]; }; int main(void) { struct p a = {.y = 5, .n = "hi"}, b = {1}, c[2] = {{1, 2, "a"}, {.x = 9}}, d[] = {1, 2, "x", 3, 4, "y"}; printf("%d%d%s %d%d %s%d %lu%s\n", a.x, a.y, a.n, b.x, b.y, c[0].n, c[1].x, sizeof d / sizeof *d, d[1].n); return 0; }
