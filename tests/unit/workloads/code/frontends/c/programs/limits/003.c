#include <stdio.h>
int main(void) { printf("%d\n", ((((((((((((((((((((((((((((((1)))))))))))))))))))))))))))))) + 1); int x = 1; if (x) { if (x) { if (x) { if (x) { if (x) { if (x) { puts("in"); } } } } } } return 0; }
