#include <stdio.h>
int even(int n); int odd(int n) { return n ? even(n - 1) : 0; } int even(int n) { return n ? odd(n - 1) : 1; } int main(void) { printf("%d %d %d\n", even(10), odd(10), odd(7)); return 0; }
