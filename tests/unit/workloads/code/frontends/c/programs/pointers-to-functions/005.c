#include <stdio.h>
static int zero(void) { return 0; } static int one(void) { return 1; } static int two(void) { return 2; } int (*table[])(void) = {zero, one, two, 0}; int main(void) { for (int (**p)(void) = table; *p; p++) printf("%d ", (*p)()); printf("%d\n", table[1] == one); return 0; }
