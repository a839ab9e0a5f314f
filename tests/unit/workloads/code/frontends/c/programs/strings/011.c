#include <stdio.h>
int main(void) { const char *days[] = {"Mon", "Tue", "Wed"}; char buf[4]; for (int i = 0; i < 3; i++) { int j; for (j = 0; days[i][j]; j++) buf[j] = days[i][j] ^ 32; buf[j] = 0; printf("%s ", buf); } puts(""); return 0; }
