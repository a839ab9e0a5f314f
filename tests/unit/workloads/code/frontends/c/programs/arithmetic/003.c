#include <stdio.h>
int main(void) { printf("%d\n", 2 + 3 * 4); return (2 + 3) * 4; }
