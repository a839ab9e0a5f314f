#include <stdio.h>
void permute(char *s, int k, int n) { if (k == n) { printf("%s ", s); return; } for (int i = k; i < n; i++) { char t = s[k]; s[k] = s[i]; s[i] = t; permute(s, k + 1, n); t = s[k]; s[k] = s[i]; s[i] = t; } } int main(void) { char s[] = "abc"; permute(s, 0, 3); puts(""); return 0; }
