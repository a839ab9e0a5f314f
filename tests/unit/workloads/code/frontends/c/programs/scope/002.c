#include <stdio.h>
static int a; int b; static int set(int x) { a = x; b = a * 2; return a + b; } int main(void) { printf("%d %d %d\n", a, b, set(4)); printf("%d %d\n", a, b); return 0; }
