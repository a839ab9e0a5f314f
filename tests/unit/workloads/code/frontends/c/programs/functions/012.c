#include <stdio.h>
int depth(int n) { int local = n * 2; if (n == 0) return 0; return local - n + depth(n - 1); } int main(void) { printf("%d\n", depth(100)); return 0; }
