#include <stdio.h>
int grid[5][5]; int fill(int r, int c) { if (r < 0 || c < 0 || r > 4 || c > 4 || grid[r][c]) return 0; grid[r][c] = 1; return 1 + fill(r + 1, c) + fill(r - 1, c) + fill(r, c + 1) + fill(r, c - 1); } int main(void) { for (int i = 0; i < 5; i++) grid[i][2] = i != 4; printf("%d\n", fill(0, 0)); return 0; }
