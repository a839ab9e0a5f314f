#include <stdio.h>
struct mixed { char c; double d; short s; int i; char t[3]; }; int main(void) { printf("%lu %lu\n", sizeof(struct mixed), sizeof(struct { char a; short b; })); struct mixed m = {'x', 2.5, -3, 70000, "ab"}; printf("%c %.1f %d %d %s\n", m.c, m.d, m.s, m.i, m.t); printf("%ld\n", (char *)&m.i - (char *)&m); return 0; }
