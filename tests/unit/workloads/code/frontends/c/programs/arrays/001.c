#include <stdio.h>
int main(void) { int a[5]; for (int i = 0; i < 5; i++) a[i] = i * i; for (int i = 4; i >= 0; i--) printf("%d ", a[i]); puts(""); return 0; }
