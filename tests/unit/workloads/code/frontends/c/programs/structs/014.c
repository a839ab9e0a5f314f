#include <stdio.h>
struct pair { int a, b; }; void change(struct pair p, struct pair *q) { p.a = 99; q->a = 77; *q = (q->b > 0) ? *q : p; } int main(void) { struct pair x = {1, 2}, y = {3, 4}, ar[2] = {{5, 6}, {7, 8}}; change(x, &y); ar[0] = ar[1]; ar[1].b = x.a; printf("%d %d %d %d\n", x.a, y.a, ar[0].a, ar[1].b); return 0; }
