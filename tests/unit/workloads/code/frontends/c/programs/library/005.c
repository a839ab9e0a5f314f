#include <stdio.h>
#include <stdlib.h>
#include <string.h>
int by_length(const void *a, const void *b) { const char *x = *(const char *const *)a, *y = *(const char *const *)b; int d = (int)strlen(x) - (int)strlen(y); return d ? d : strcmp(x, y); } int main(void) { const char *w[] = {"pear", "fig", "banana", "kiwi", "apple", "date"}; qsort(w, 6, sizeof *w, by_length); for (int i = 0; i < 6; i++) printf("%s ", w[i]); puts(""); return 0; }
