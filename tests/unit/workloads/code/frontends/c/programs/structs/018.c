#include <stdio.h>
#include <string.h>
struct point { int x, y; };
struct line { struct point a, b; char name[6]; };
static struct point middle(struct line l) { l.a.x = (l.a.x + l.b.x) / 2; l.a.y = (l.a.y + l.b.y) / 2; return l.a; }
static struct line make(int x, int y) { struct line l = { {x, y}, {x * 3, y * 5}, "seg" }; return l; }
int main(void) {
    struct line l = make(2, 4);
    struct point m = middle(l);
    printf("%d %d %d %d %s\n", m.x, m.y, l.a.x, l.a.y, l.name);
    printf("%d\n", middle(make(1, 1)).y);
    struct line all[3] = { make(1,2), make(3,4), make(5,6) };
    struct line *p = all + 1;
    p[-1] = p[1];
    printf("%d %d %zu %d\n", all[0].a.x, (++p)->b.y, sizeof all, memcmp(&all[0], &all[2], sizeof all[0]));
    return 0;
}
