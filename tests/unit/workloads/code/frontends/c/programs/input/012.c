#include <stdio.h>
int main(void) { int x = 5; printf("%d %d\n", scanf("%d", &x), x); printf("%d\n", getchar()); return 0; }
