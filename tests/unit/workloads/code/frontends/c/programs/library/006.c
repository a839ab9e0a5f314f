#include <stdio.h>
#include <stdlib.h>
struct rec { int key; char tag; }; int cmp(const void *a, const void *b) { return ((struct rec *)a)->key - ((struct rec *)b)->key; } int main(void) { struct rec r[9]; for (int i = 0; i < 9; i++) { r[i].key = i * 7 % 3; r[i].tag = 'a' + i; } qsort(r, 9, sizeof *r, cmp); for (int i = 0; i < 9; i++) printf("%d%c ", r[i].key, r[i].tag); puts(""); return 0; }
