#include <stdio.h>
int main(void) { int x = 1, y = 2, z = 3; printf("%d %d %d\n", x + y * z - y, (x + y) * (z - y), -x - -y); return 0; }
