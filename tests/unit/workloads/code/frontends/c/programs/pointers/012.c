#include <stdio.h>
void fill(int n, int *out) { while (n--) *out++ = n * n; } int main(void) { int a[6]; fill(6, a); for (int i = 0; i < 6; i++) printf("%d ", a[i]); puts(""); return 0; }
