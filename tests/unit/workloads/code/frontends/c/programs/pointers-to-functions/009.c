#include <stdio.h>
int compose(int (*f)(int), int (*g)(int), int x) { return f(g(x)); } int neg(int x) { return -x; } int sqr(int x) { return x * x; } int main(void) { int (*fs[2])(int) = {neg, sqr}; for (int i = 0; i < 4; i++) printf("%d ", compose(fs[i & 1], fs[i >> 1], 3)); puts(""); return fs[0] != fs[1]; }
