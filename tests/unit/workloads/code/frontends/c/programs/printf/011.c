#include <stdio.h>
int main(void) { printf("%hhd %hd %hhu %hu\n", 300, 70000, 300, 70000); printf("%i %i\n", -5, 5); return 0; }
