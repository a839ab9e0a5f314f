#include <stdio.h>
int main(void) { printf("%s|%5s|%.1s|\n", "", "", "x"); printf("%d%%\n", 50); printf("no newline"); return 0; }
