#include <stdio.h>
#include <string.h>
int words(const char *s) { int n = 0, in = 0; for (; *s; s++) if (*s == ' ') in = 0; else if (!in) in = 1, n++; return n; } int main(void) { printf("%d %d %d\n", words("the cat  sat"), words(""), words("  x ")); printf("%s\n", strpbrk("key=value", "=:")); return 0; }
