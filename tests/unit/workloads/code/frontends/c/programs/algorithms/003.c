#include <stdio.h>
int board[6], solutions; int safe(int r, int c) { for (int i = 0; i < r; i++) if (board[i] == c || board[i] - c == i - r || board[i] - c == r - i) return 0; return 1; } void place(int r) { if (r == 6) { solutions++; return; } for (int c = 0; c < 6; c++) if (safe(r, c)) { board[r] = c; place(r + 1); } } int main(void) { place(0); printf("%d\n", solutions); return solutions; }
