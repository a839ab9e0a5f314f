#include <stdio.h>
void rotate(int a[], int n) { int first = a[0]; for (int i = 1; i < n; i++) a[i - 1] = a[i]; a[n - 1] = first; } int main(void) { int a[4] = {1, 2, 3, 4}; rotate(a, 4); rotate(a, 4); printf("%d%d%d%d\n", a[0], a[1], a[2], a[3]); return 0; }
