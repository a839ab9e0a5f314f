#include <stdio.h>
int sum(int n, int v[n]); int sum(int n, int v[]) { return n ? v[n - 1] + sum(n - 1, v) : 0; } int (*fp)(int, int *) = sum; int main(void) { int v[] = {1, 2, 3}; printf("%d %d\n", sum(3, v), fp(2, v)); return 0; }
