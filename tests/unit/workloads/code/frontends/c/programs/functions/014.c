#include <stdio.h>
int sum(int n) { return n ? n + sum(n - 1) : 0; } int twice(int n) { return sum(n) + sum(n); } int main(void) { int x = twice(10) - twice(9) * sum(2); printf("%d\n", x); return 0; }
