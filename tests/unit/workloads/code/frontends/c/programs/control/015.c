#include <stdio.h>
int main(void) { int i = 0; again: if (i < 3) { printf("%d\n", i); i++; goto again; } { int i = 9; printf("%d\n", i); } printf("%d\n", i); return 0; }
