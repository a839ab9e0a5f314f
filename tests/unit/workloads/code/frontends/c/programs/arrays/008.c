#include <stdio.h>
int main(void) { int a[3][4][2]; int n = 0; for (int i = 0; i < 3; i++) for (int j = 0; j < 4; j++) for (int k = 0; k < 2; k++) a[i][j][k] = n++; printf("%d %d %lu\n", a[2][3][1], a[1][0][1], sizeof a); return 0; }
