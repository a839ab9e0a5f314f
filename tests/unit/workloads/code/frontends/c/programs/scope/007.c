#include <stdio.h>
int once(void) { static int state; if (state) return -1; state = 1; return 1; } int main(void) { printf("%d %d\n", once(), 0); printf("%d\n", once()); goto skip; { int hidden = 4; skip: hidden = 5; printf("%d\n", hidden); } return 0; }
