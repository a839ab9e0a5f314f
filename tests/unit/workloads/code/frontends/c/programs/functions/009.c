#include <stdio.h>
int many(int a, int b, int c, int d, int e, int f, int g, int h) { return a + 2 * b + 3 * c + 4 * d + 5 * e + 6 * f + 7 * g + 8 * h; } int main(void) { printf("%d\n", many(1, 2, 3, 4, 5, 6, 7, 8)); return 0; }
