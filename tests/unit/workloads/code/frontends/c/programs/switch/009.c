#include <stdio.h>
int main(void) { for (int i = 0; i < 4; i++) { switch (i) { case 1: continue; case 3: break; default: printf("%d ", i); } printf("after %d ", i); } puts(""); return 0; }
