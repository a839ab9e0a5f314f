#include <stdio.h>
int total; void add(int n) { total += n; } int main(void) { for (int i = 0; i < 5; i++) { int total = 100; add(i); total++; } printf("%d\n", total); return 0; }
