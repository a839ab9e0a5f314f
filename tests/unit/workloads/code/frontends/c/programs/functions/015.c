#include <stdio.h>
int collatz(int n, int *max) { int steps = 0; for (*max = n; n != 1; steps++) { n = n & 1 ? 3 * n + 1 : n >> 1; if (n > *max) *max = n; } return steps; } int main(void) { int max; printf("%d", collatz(97, &max)); printf(" %d\n", max); return 0; }
