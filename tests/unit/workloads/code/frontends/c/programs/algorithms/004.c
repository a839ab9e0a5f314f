#include <stdio.h>
int lcs(const char *a, const char *b) { int t[12][12] = {{0}}, i, j; for (i = 1; a[i - 1]; i++) for (j = 1; b[j - 1]; j++) t[i][j] = a[i - 1] == b[j - 1] ? t[i - 1][j - 1] + 1 : t[i - 1][j] > t[i][j - 1] ? t[i - 1][j] : t[i][j - 1]; return t[i - 1][j - 1]; } int main(void) { printf("%d %d\n", lcs("nematode", "empty"), lcs("abcdef", "acf")); return 0; }
