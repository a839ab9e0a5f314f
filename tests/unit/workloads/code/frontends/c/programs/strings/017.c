#include <stdio.h>
int main(void) { char utf[] = "häß€"; int n = 0; for (char *p = utf; *p; p++) n += (*p & 0xC0) != 0x80; printf("%s %d %lu\n", utf, n, sizeof utf); return 0; }
