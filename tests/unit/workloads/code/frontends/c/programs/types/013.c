#include <stdio.h>
#include <stdbool.h>
int main(void) { bool b = 5; bool c = 0.25; bool d = !b; printf("%d %d %d %lu\n", b, c, d, sizeof(bool)); b = b + b; printf("%d\n", b); if (true && !false) puts("yes"); return 0; }
