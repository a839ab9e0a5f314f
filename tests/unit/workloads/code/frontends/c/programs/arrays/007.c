#include <stdio.h>
char board[3][4] = {"XO.", ".X.", "O.X"}; int main(void) { for (int i = 0; i < 3; i++) puts(board[i]); int w = 1; for (int i = 0; i < 3; i++) w = w && board[i][i] == 'X'; printf("%d\n", w); return 0; }
