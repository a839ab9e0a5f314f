#include <stdio.h>
int main(void) { for (int i = 0; i < 3; i++) for (int j = 0; j < 3; j++) { if (j == 2) break; printf("%d%d ", i, j); } printf("\n"); return 0; }
