#include <stdio.h>
int main(void) { int i = 0; for (;;) { if (++i > 5) break; } printf("%d\n", i); while (1) if (--i == 0) break; return i; }
