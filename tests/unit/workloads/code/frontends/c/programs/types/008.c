#include <stdio.h>
int main(void) { char c = 'A'; c = c + 1; printf("%c %d\n", c, c); c += 300; printf("%d\n", c); c++; printf("%d\n", c); return 0; }
