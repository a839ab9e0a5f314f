#include <stdio.h>
int main(void) { int tri[6][6] = {{0}}; for (int i = 0; i < 6; i++) { tri[i][0] = 1; for (int j = 1; j <= i; j++) tri[i][j] = tri[i - 1][j - 1] + tri[i - 1][j]; } for (int i = 0; i < 6; i++) { for (int j = 0; j <= i; j++) printf("%d ", tri[i][j]); puts(""); } return 0; }
