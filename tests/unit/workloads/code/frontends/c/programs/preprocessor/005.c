#include <stdio.h>
#define FOR(i, n) for (int i = 0; i < (n); i++)
#define PRINT(...) printf(__VA_ARGS__)
#define BOTH(f, ...) f(__VA_ARGS__, 9)
int sum(int a, int b, int c) { return a + b + c; }
int main(void) { FOR(i, 3) PRINT("%d%c", i, ' '); PRINT("\n"); PRINT("%d\n", BOTH(sum, 1, 2)); return 0; }
