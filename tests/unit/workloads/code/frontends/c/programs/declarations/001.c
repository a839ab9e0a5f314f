#include <stdio.h>
enum week { MON = 1, TUE, WED, SAT = 6, SUN }; int main(void) { enum week d = WED; printf("%d %d %d\n", d, SUN, SAT - MON); return 0; }
