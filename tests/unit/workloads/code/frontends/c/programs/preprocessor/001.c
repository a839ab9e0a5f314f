#include <stdio.h>
#define N 5
#define SQUARE(x) ((x) * (x))
int main(void) { printf("%d %d %d\n", N, SQUARE(3), SQUARE(1 + 2)); return 0; }
