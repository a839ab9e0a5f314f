#include <stdio.h>
int main(void) { unsigned char c = 0; int n = 0; do n++; while (++c); printf("%d\n", n); unsigned short s = 65530; for (n = 0; s; s++) n++; printf("%d\n", n); return 0; }
