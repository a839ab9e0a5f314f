#include <stdio.h>
#include <string.h>
int main(void) { char s[] = "a,b;;c"; for (char *t = strtok(s, ",;"); t; t = strtok(NULL, ",;")) printf("[%s]", t); puts(""); printf("%lu %lu\n", strspn("aabbc", "ab"), strcspn("hello", "l")); return 0; }
