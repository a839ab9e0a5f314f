#include <stdio.h>
int gcd(int a, int b) { return b ? gcd(b, a % b) : a; } int main(void) { printf("%d %d\n", gcd(1071, 462), gcd(17, 5)); return 0; }
