#include <stdio.h>
int main(void) { int *p = 0; if (!p) puts("null"); if (p == NULL) puts("still null"); int x; p = &x; if (p) puts("set"); return p != &x; }
