#include <stdio.h>
#include <ctype.h>
int main(void) { for (int c = 0; c < 128; c += 9) printf("%d%d%d%d%d%d%d ", !!isalpha(c), !!isdigit(c), !!isalnum(c), !!isspace(c), !!ispunct(c), !!isprint(c), !!isxdigit(c)); puts(""); printf("%c%c%c%d\n", toupper('q'), tolower('Q'), toupper('1'), isupper('a')); return 0; }
