#include <stdio.h>
#include <string.h>
int main(void) { const char *t = "one two three"; const char *p = strchr(t, 't'); printf("%s|%s|%s\n", p, strrchr(t, 't'), strstr(t, "wo")); printf("%d %d\n", strchr(t, 'z') == NULL, strstr(t, "four") == NULL); printf("%ld\n", (long)(strchr(t, 0) - t)); return 0; }
