#include <stdio.h>
int main(void) { int a[2][3] = {{1, 2, 3}, {4, 5, 6}}; int (*row)[3] = a; printf("%d %d\n", (*row)[1], row[1][2]); row++; printf("%d\n", (*row)[0]); int *flat = &a[0][0]; printf("%d\n", flat[4]); return 0; }
