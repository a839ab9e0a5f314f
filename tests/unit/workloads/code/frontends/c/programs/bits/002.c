#include <stdio.h>
int count(unsigned v) { int n = 0; while (v) { v &= v - 1; n++; } return n; } int main(void) { printf("%d %d %d\n", count(0), count(255), count(0xFFFFFFFFu)); return 0; }
