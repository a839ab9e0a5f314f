#include <stdio.h>
int main(void) { int a[3] = {1, 2, 3}; printf("%d %d\n", 1[a], *(2 + a)); int *p = &a[1]; printf("%d %d\n", p[-1], p[1]); printf("%d %d %d\n", p > a, p == a + 1, &a[2] - &a[0] == 2); return 0; }
