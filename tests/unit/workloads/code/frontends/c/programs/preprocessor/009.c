#include <stdio.h>
#if 2 * 3 == 6 && (1 ? 4 : 5) > 3 && !defined X && -1 < 0 && (7 & 3) == 3 && 'A' == 65
int main(void) { puts("all hold"); return 0; }
#else
#error wrong
#endif
