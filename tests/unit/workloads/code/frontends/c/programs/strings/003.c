#include <stdio.h>
#include <string.h>
int main(void) { printf("%d %d %d\n", strcmp("abc", "abc"), strcmp("abc", "abd") < 0, strcmp("b", "a") > 0); printf("%d %d\n", strncmp("abcx", "abcy", 3), strncmp("abcx", "abcy", 4) < 0); return 0; }
