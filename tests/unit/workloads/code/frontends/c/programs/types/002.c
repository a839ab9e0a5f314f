#include <stdio.h>
int main(void) { short s = 70000; unsigned short u = 70000; printf("%d %d\n", s, u); s = -1; u = s; printf("%d\n", u); return 0; }
