#include <stdio.h>
int a = 5, *p = &a, v[3] = {1, 2, 3}, *q = v + 1; const char *s = "text" + 1; double d = 1.5 * 2; long l = sizeof(int) * 3; int main(void) { printf("%d %d %s %.1f %ld %d\n", *p, *q, s, d, l, q[1]); return 0; }
