#include <stdio.h>
#include <string.h>
#define ROWS 6
#define COLS 7
typedef enum { EMPTY, FIRST, SECOND } cell;
typedef struct { cell at[ROWS][COLS]; int moves; } board;
static int drop(board *b, int column) { for (int r = ROWS - 1; r >= 0; r--) if (b->at[r][column] == EMPTY) { b->at[r][column] = b->moves++ % 2 ? SECOND : FIRST; return r; } return -1; }
static int line(const board *b, int r, int c, int dr, int dc) { cell who = b->at[r][c]; int n = 0; while (r >= 0 && r < ROWS && c >= 0 && c < COLS && b->at[r][c] == who) n++, r += dr, c += dc; return n; }
static cell winner(const board *b) { static const int way[4][2] = {{0, 1}, {1, 0}, {1, 1}, {1, -1}}; for (int r = 0; r < ROWS; r++) for (int c = 0; c < COLS; c++) if (b->at[r][c]) for (int w = 0; w < 4; w++) if (line(b, r, c, way[w][0], way[w][1]) >= 4) return b->at[r][c]; return EMPTY; }
static void show(const board b) { for (int r = 0; r < ROWS; r++) { for (int c = 0; c < COLS; c++) putchar(".XO"[b.at[r][c]]); putchar('\n'); } }
int main(void) {
    board b = {0}, copy; const char *moves = "3344556";
    for (const char *m = moves; *m; m++) { drop(&b, *m - '0'); if (m - moves == 3) copy = b; }
    show(b); printf("%d %d %d\n", winner(&b), winner(&copy), copy.moves);
    printf("%zu %d\n", sizeof b, memcmp(b.at[0], copy.at[0], sizeof b.at[0]));
    return winner(&b);
}
