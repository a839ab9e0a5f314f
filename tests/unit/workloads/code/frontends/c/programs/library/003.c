#include <stdio.h>
#include <stdlib.h>
int main(void) { printf("%d %d %ld\n", abs(-5), abs(5), labs(-5000000000)); for (int i = 0; i < 5; i++) printf("%d ", rand()); puts(""); srand(7); printf("%d %d\n", rand() % 100, rand() % 100); return 0; }
