#include <stdio.h>
struct { int a; struct { int x, y; }; } anon = {1, {2, 3}}; int main(void) { anon.x += anon.y; printf("%d %d\n", anon.a, anon.x); struct { char n[4]; int k; } local[2] = {{"abc", 1}, {"de", 2}}; printf("%s%d%s%d\n", local[0].n, local[0].k, local[1].n, local[1].k); return 0; }
