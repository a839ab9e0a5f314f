#include <stdio.h>
#include <stdlib.h>
#include <string.h>
char *join(const char *a, const char *b) { char *r = malloc(strlen(a) + strlen(b) + 1); strcpy(r, a); return strcat(r, b); } int main(void) { char *s = join("differ", "ence"), *t = join(s, " engine"); puts(t); free(s); free(t); return 0; }
