#include <stdio.h>
int f(void) { static int calls = 0; static int last[2] = {7, 8}; last[calls % 2] += calls; return last[calls++ % 2]; } int g(void) { static int calls = 100; return calls++; } int main(void) { for (int i = 0; i < 4; i++) printf("%d %d ", f(), g()); puts(""); return 0; }
