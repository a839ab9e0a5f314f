#include <stdio.h>
int main(void) { printf("%*d|%-*d|%.*f|%*.*f\n", 6, 42, 6, 42, 2, 3.14159, 8, 3, 2.71828); int w = -5; printf("%*d|\n", w, 3); return 0; }
