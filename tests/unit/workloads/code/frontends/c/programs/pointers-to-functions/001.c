#include <stdio.h>
int add(int a, int b) { return a + b; } int mul(int a, int b) { return a * b; } int main(void) { int (*f)(int, int) = add; printf("%d ", f(3, 4)); f = &mul; printf("%d %d\n", f(3, 4), (*f)(5, 6)); return 0; }
