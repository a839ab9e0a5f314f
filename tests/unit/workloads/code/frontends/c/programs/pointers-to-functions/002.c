#include <stdio.h>
int apply(int (*f)(int), int x, int n) { while (n--) x = f(x); return x; } static int inc(int x) { return x + 1; } static int dbl(int x) { return x * 2; } int main(void) { printf("%d %d\n", apply(inc, 0, 7), apply(dbl, 1, 7)); return 0; }
