#include <stdio.h>
int main(void) { int a[2][2] = {{1, 1}, {1, 0}}, r[2][2] = {{1, 0}, {0, 1}}, t[2][2]; for (int k = 0; k < 10; k++) { for (int i = 0; i < 2; i++) for (int j = 0; j < 2; j++) t[i][j] = r[i][0] * a[0][j] + r[i][1] * a[1][j]; for (int i = 0; i < 2; i++) for (int j = 0; j < 2; j++) r[i][j] = t[i][j]; } printf("%d\n", r[0][1]); return 0; }
