#include <stdio.h>
typedef struct point point; struct point { int x; point *other; }; typedef int (*binary)(int, int); static int f(int a, int b) { return a - b; } int main(void) { point a = {1, 0}, b = {2, &a}; binary op = f; printf("%d\n", op(b.x, b.other->x)); return 0; }
