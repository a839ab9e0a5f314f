#include <stdio.h>
int main(void) { int a[4] = {10, 20, 30, 40}; int s = 0; for (int *p = a; p < a + 4; p++) s += *p; printf("%d\n", s); int *e = &a[3]; while (e >= a) printf("%d ", *e--); puts(""); return 0; }
