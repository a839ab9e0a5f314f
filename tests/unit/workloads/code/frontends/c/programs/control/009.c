#include <stdio.h>
static int calls; static int yes(void) { calls++; return 1; } static int no(void) { calls++; return 0; }
int main(void) { if (yes() || no()) printf("%d\n", calls); if (no() && yes()) printf("never\n"); printf("%d\n", calls); int x = yes() && no() || yes(); printf("%d %d\n", x, calls); return 0; }
