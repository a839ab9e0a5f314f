#include <stdio.h>
int main(void) { const char *names[] = {"ada", "charles", "luigi"}; const char **p = names; for (int i = 0; i < 3; i++) printf("%s %c\n", *p, **p), p++; return 0; }
