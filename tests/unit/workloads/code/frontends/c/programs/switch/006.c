#include <stdio.h>
int main(void) { int i = 0, n = 7, to[8], from[8], c = 7; for (int k = 0; k < 8; k++) from[k] = k * k; switch (n % 4) { case 0: do { to[i] = from[i]; i++; case 3: to[i] = from[i]; i++; case 2: to[i] = from[i]; i++; case 1: to[i] = from[i]; i++; } while ((c -= 4) > 0); } for (int k = 0; k < i; k++) printf("%d ", to[k]); printf("\n"); return i; }
