#include <stdio.h>
void reverse(char *s) { char *e = s; while (*e) e++; while (s < --e) { char t = *s; *s++ = *e; *e = t; } } int main(void) { char s[] = "stressed"; reverse(s); puts(s); return 0; }
