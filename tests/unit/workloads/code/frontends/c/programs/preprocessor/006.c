#include <stdio.h>
#define A B
#define B C
#define C 3
#undef A
#define A (B + 1)
int main(void) { printf("%d\n", A); 
#undef C
#define C 10
printf("%d %d\n", A, __LINE__); return 0; }
