#include <stdio.h>
#include <stdlib.h>
#include <string.h>
int main(void) { for (int round = 0; round < 200; round++) { char *a = malloc(500), *b = malloc(700); a[499] = b[699] = round; free(round % 2 ? a : b); free(round % 2 ? b : a); } puts("reused"); return 0; }
