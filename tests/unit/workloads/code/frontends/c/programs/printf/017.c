#include <stdio.h>
int main(void) { fprintf(stdout, "%s %d\n", "to stdout", 1); fputs("fputs\n", stdout); fputc('c', stdout); putc('\n', stdout); fprintf(stderr, "not seen\n"); puts(""); putchar(putchar('a') + 1); putchar('\n'); return 0; }
