#include <stdio.h>
int main(void) { int m[3][3], n = 1; for (int i = 0; i < 3; i++) for (int j = 0; j < 3; j++) m[i][j] = n++; int t = 0; for (int i = 0; i < 3; i++) t += m[i][i]; printf("%d %d\n", t, m[2][0]); return 0; }
