#include <stdio.h>
int counter(void) { static int n = 10; return ++n; } int main(void) { counter(); counter(); printf("%d\n", counter()); return 0; }
