#include <stdio.h>
int main(void) { int i = 0; do { printf("%d ", i); i += 3; } while (i < 10); printf("\n"); return i; }
