#include <stdio.h>
#include <stdlib.h>
int main(void) { int rows = 3, cols = 4; int **m = malloc(rows * sizeof *m); for (int i = 0; i < rows; i++) { m[i] = malloc(cols * sizeof **m); for (int j = 0; j < cols; j++) m[i][j] = i * j; } printf("%d %d\n", m[2][3], m[1][1]); for (int i = 0; i < rows; i++) free(m[i]); free(m); return 0; }
