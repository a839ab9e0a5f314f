#include <stdio.h>
struct outer { int a; struct inner { int b[3]; char c; } in; struct inner *p; }; int main(void) { struct outer o = {1, {{2, 3, 4}, 'z'}, 0}; o.p = &o.in; o.p->b[1] += 10; printf("%d %d %c %d\n", o.a, o.in.b[1], o.p->c, (*o.p).b[2]); return 0; }
