#include <stdio.h>
int main(void) { int state = 0, n = 0; const char *s = "ab1c22"; for (; *s; s++) switch (state) { case 0: if (*s >= '0' && *s <= '9') { state = 1; n++; } break; case 1: switch (*s) { case '0': case '1': case '2': break; default: state = 0; } } printf("%d %d\n", state, n); return 0; }
