#include <stdio.h>
int main(void) { int a[5] = {1, 2, 3, 4, 5}; int *p = a; printf("%d %d %d\n", *p, *(p + 2), p[4]); p += 3; printf("%d %ld\n", *p, p - a); p--; printf("%d\n", *p++); printf("%d\n", *p); return 0; }
