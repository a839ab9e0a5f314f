#include <stdio.h>
int main(void) { int a = 7; a += 3; a -= 1; a *= 4; a /= 5; a %= 4; printf("%d\n", a); return a; }
