#include <stdio.h>
int main(void) { int x = 5; if (x) if (x > 10) puts("big"); else puts("small"); if (!x) ; else puts("set"); return 0; }
