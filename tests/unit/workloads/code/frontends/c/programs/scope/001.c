#include <stdio.h>
int v = 1; int get(void) { return v; } int main(void) { int v = 5; printf("%d %d\n", v, get()); { v = 6; int v = 7; v++; } printf("%d\n", v); return 0; }
