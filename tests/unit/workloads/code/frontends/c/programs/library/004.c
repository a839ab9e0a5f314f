#include <stdio.h>
#include <stdlib.h>
void last(int n) { if (n > 3) exit(n); last(n + 1); } int main(void) { puts("before"); last(0); puts("never"); return 1; }
