#include <stdio.h>
int main(void) { unsigned char a = 250, b = 10; int s = a + b; unsigned char t = a + b; printf("%d %d %d\n", s, t, (unsigned char)~a); return 0; }
