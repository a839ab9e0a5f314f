#include <stdio.h>
typedef struct { int num, den; } frac; frac mul(frac a, frac b) { return (frac[]){{a.num * b.num, a.den * b.den}}[0]; }
int main(void) { return 0; }
