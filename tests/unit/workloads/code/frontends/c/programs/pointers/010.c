#include <stdio.h>
int main(void) { int x = 0x01020304; unsigned char *b = (unsigned char *)&x; printf("%d %d %d %d\n", b[0], b[1], b[2], b[3]); b[3] = 0x7f; printf("%x\n", x); return 0; }
