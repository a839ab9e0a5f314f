#include <stdio.h>
#ifndef GUARD
#define GUARD
#define WIDTH 4
#endif
#ifndef GUARD
#define WIDTH 5
#endif
int a[WIDTH * 2]; int main(void) { printf("%lu\n", sizeof a / sizeof *a); 
#ifdef WIDTH
#  if WIDTH == 4
     puts("four");
#  endif
#endif
return 0; }
