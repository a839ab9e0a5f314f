#include <stdio.h>
char line[200]; int main(void) { for (int i = 0; i < 199; i++) line[i] = '0' + i % 10; puts(line); return 0; }
