#include <stdio.h>
#include <string.h>
int main(void) { char to[8]; strncpy(to, "abc", 8); printf("%d%d\n", to[3], to[7]); strncpy(to, "longer text", 4); to[4] = 0; puts(to); char c[12] = "12"; strncat(c, "345678", 3); puts(c); char *d = strdup(c); d[0] = '9'; printf("%s %s\n", c, d); return 0; }
