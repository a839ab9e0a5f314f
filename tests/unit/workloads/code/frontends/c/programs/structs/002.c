#include <stdio.h>
struct point { int x, y; }; struct point add(struct point a, struct point b) { a.x += b.x; a.y += b.y; return a; } int main(void) { struct point p = {1, 2}, q = add(p, add(p, p)); printf("%d %d %d\n", q.x, q.y, p.x); return 0; }
