#include <stdio.h>
int main(void) { int x = 3, y = 0; switch (x) { default: y = 1; case 5: y += 10; break; case 2: y = 7; } printf("%d\n", y); return 0; }
