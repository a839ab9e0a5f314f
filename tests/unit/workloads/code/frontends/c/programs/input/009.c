#include <stdio.h>
int main(void) { char a, b, c; scanf("%c", &a); scanf(" %c", &b); scanf(" %c", &c); printf("[%c][%c][%c]\n", a, b, c); return 0; }
