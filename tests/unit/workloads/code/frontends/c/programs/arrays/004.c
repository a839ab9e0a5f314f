#include <stdio.h>
int sieve[100]; int main(void) { int n = 0; for (int i = 2; i < 100; i++) { if (sieve[i]) continue; n++; for (int j = i * i; j < 100; j += i) sieve[j] = 1; } printf("%d\n", n); return 0; }
