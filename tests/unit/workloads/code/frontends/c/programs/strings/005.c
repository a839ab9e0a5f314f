#include <stdio.h>
#include <ctype.h>
int main(void) { char s[] = "Hello, World 42!"; int u = 0, l = 0, d = 0, p = 0, w = 0; for (char *c = s; *c; c++) { u += !!isupper(*c); l += !!islower(*c); d += !!isdigit(*c); p += !!ispunct(*c); w += !!isspace(*c); *c = toupper(*c); } printf("%d %d %d %d %d %s\n", u, l, d, p, w, s); return 0; }
