#include <stdio.h>
int main(void) { int n = 0; for (int i = 2; i < 60; i++) { int prime = 1; for (int j = 2; j * j <= i; j++) if (i % j == 0) { prime = 0; break; } if (prime) { printf("%d ", i); n++; } } printf("\n%d primes\n", n); return n; }
