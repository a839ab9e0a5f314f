#include <stdio.h>
struct point { int x, y; }; int main(void) { struct point p = {3, 4}, q; q = p; q.x = 10; printf("%d %d %d\n", p.x, q.x, q.y); return 0; }
