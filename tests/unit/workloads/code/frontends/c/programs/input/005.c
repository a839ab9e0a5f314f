#include <stdio.h>
int main(void) { char name[20]; int age; while (scanf("%19s %d", name, &age) == 2) printf("%s is %d\n", name, age); return 0; }
