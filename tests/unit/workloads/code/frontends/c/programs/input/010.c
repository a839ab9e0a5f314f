#include <stdio.h>
int main(void) { char w[10], d[10], r[10]; int n = scanf("%9[a-z]%9[0-9]%9[^0-9]", w, d, r); printf("%d %s %s %s\n", n, w, d, r); return 0; }
