#include <stdio.h>
long counter = 5; char letter = 'a'; double ratio = 0.5; int *where; int main(void) { int x = 3; where = &x; counter *= 7; letter++; ratio /= 4; ++*where; printf("%ld %c %g %d\n", counter, letter, ratio, x); counter--; letter += 2; printf("%ld %c\n", counter, letter); return 0; }
