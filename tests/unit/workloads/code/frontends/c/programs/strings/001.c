#include <stdio.h>
int main(void) { char s[] = "hello"; int n = 0; while (s[n]) n++; printf("%d %lu\n", n, sizeof s); return 0; }
