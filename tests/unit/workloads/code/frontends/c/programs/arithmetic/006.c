#include <stdio.h>
int main(void) { int i = 5; int a = i++ + 10; int b = ++i + 10; printf("%d %d %d\n", a, b, i); i--; --i; printf("%d\n", i); return 0; }
