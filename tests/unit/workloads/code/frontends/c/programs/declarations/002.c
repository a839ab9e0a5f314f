#include <stdio.h>
enum { A, B = -3, C, D = B * 2, E = 1 << 4 }; int table[E]; int main(void) { printf("%d %d %d %d %lu\n", A, C, D, E, sizeof table); return 0; }
