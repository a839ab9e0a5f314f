#include <stdio.h>
#include <stdlib.h>
int main(void) { int *z = calloc(20, sizeof *z), t = 0; for (int i = 0; i < 20; i++) t += z[i]; printf("%d\n", t); free(z); free(NULL); z = realloc(NULL, 8); z[1] = 3; printf("%d\n", z[1]); return 0; }
