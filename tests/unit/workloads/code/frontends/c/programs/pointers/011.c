#include <stdio.h>
int main(void) { long v = 0; int *half = (int *)&v; half[0] = -1; half[1] = 1; printf("%lx\n", v); *(short *)half = 0; printf("%lx\n", v); return 0; }
