#include <stdio.h>
int main(void) { int c = getchar(); ungetc(c, stdin); int d = getchar(); printf("%d %d\n", c == d, getchar()); printf("%d %d\n", fgetc(stdin), getc(stdin)); return 0; }
