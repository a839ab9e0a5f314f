#include <stdio.h>
long v[4] = {1, 1}; int main(void) { for (int k = 0; k < 50; k++) v[(k + 2) % 4] = v[(k + 1) % 4] + v[k % 4]; printf("%ld\n", v[51 % 4]); return 0; }
