#include <stdio.h>
void nothing(void) { return; } int abs1(int x) { if (x < 0) return -x; return x; } int main(void) { nothing(); printf("%d %d\n", abs1(-4), abs1(4)); return 0; }
