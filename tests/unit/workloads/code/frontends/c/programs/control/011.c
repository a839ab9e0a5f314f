#include <stdio.h>
int main(void) { int i = 10; while (i --> 0) { if (i == 5) goto out; printf("%d ", i); } out: printf("out at %d\n", i); return 0; }
