#include <stdio.h>
int main(void) { int i = 1; { int i = 2; { int i = 3; printf("%d", i); } printf("%d", i); } printf("%d\n", i); int j = i; for (int i = 0, j = 9; i < 2; i++) printf("%d%d ", i, j); printf("%d\n", j); return 0; }
