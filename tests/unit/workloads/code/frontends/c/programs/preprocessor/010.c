#include <stdio.h>
/* a comment
   over lines */ int main(void) { // to the end \
   and on
 int a = 4 /* inside */ / 2; printf("%d /* not one */ // nor this\n", a); return 0; }
