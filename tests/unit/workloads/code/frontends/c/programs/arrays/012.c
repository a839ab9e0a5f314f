#include <stdio.h>
int count[26]; int main(void) { const char *t = "the quick brown fox jumps over the lazy dog"; for (; *t; t++) if (*t != ' ') count[*t - 'a']++; for (int i = 0; i < 26; i++) printf("%d", count[i]); puts(""); return 0; }
