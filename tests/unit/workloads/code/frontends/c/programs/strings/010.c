#include <stdio.h>
int main(void) { printf("tab\there \"quoted\" back\\slash\n"); printf("%s" "%s\n", "joined " "text", " here"); puts("bell-free \x41\102"); return 0; }
