#include <stdio.h>
#include <string.h>
int main(void) { char a[10], b[10]; memset(a, 'x', 9); a[9] = 0; memcpy(b, a, 10); b[3] = '-'; printf("%s %s %d %d\n", a, b, memcmp(a, b, 3), memcmp(a, b, 4) > 0); memmove(a + 2, a, 4); a[0] = 'A'; puts(a); printf("%s\n", (char *)memchr(b, '-', 9)); return 0; }
