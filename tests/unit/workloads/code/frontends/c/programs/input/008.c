#include <stdio.h>
int main(void) { unsigned x; int i, o, u; scanf("%x %i %o %u", &x, &i, &o, (unsigned *)&u); printf("%u %d %d %d\n", x, i, o, u); return 0; }
