#include <stdio.h>
int main(void) { for (int i = 0; i < 6; i++) { switch (i) { case 0: printf("a"); case 1: printf("b"); break; case 2: case 3: printf("c"); break; default: printf("d"); } printf("."); } puts(""); return 0; }
