#include <stdio.h>
int main(void) { unsigned u = 0; u--; printf("%u %u\n", u, u + 2); u = 5; printf("%d %u\n", u - 6 > 0, u * 1000000000u); return 0; }
