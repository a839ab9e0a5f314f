#include <stdio.h>
int deep(int n) { return n == 0 ? 0 : 1 + deep(n - 1); } int main(void) { printf("%d\n", deep(250)); return 0; }
