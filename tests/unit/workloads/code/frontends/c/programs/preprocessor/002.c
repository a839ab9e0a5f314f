#include <stdio.h>
#define MAX(a, b) ((a) > (b) ? (a) : (b))
#define MIN(a, b) ((a) < (b) ? (a) : (b))
#define CLAMP(x, lo, hi) MAX(lo, MIN(x, hi))
int main(void) { printf("%d %d %d\n", CLAMP(5, 0, 10), CLAMP(-5, 0, 10), CLAMP(50, 0, 10)); return 0; }
