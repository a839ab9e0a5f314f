#include <stdio.h>
int main(void) { int a[8] = {5, 3, 8, 1, 9, 2, 7, 4}; for (int i = 0; i < 8; i++) for (int j = 0; j + 1 < 8 - i; j++) if (a[j] > a[j + 1]) { int t = a[j]; a[j] = a[j + 1]; a[j + 1] = t; } for (int i = 0; i < 8; i++) printf("%d ", a[i]); puts(""); return 0; }
