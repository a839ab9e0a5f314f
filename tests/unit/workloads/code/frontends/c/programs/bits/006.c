#include <stdio.h>
int main(void) { unsigned char flags = 0; enum { READ = 1, WRITE = 2, RUN = 4 }; flags |= READ | RUN; flags &= ~READ; flags ^= WRITE; printf("%d %d\n", flags, !!(flags & RUN)); signed char c = -128; printf("%d %d %d\n", c >> 1, (unsigned char)c >> 1, ~c); return 0; }
