#include <stdio.h>
int main(void) { printf("%d\n", (int)3.99); printf("%d\n", (int)-3.99); printf("%ld\n", (long)1e15); printf("%d\n", (char)321); printf("%u\n", (unsigned)-2); return 0; }
