#include <stdio.h>
union value { int i; double d; unsigned char b[8]; }; int main(void) { union value v; v.d = 1.0; printf("%d %d %lu\n", v.b[7], v.b[0], sizeof v); v.i = 0x41424344; printf("%c%c\n", v.b[0], v.b[3]); return 0; }
