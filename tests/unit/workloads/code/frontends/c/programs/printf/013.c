#include <stdio.h>
int main(void) { char b[64]; int n = sprintf(b, "%d-%05.1f-%s", 7, 2.25, "end"); printf("%s %d\n", b, n); n = snprintf(b, 6, "%s", "truncated"); printf("%s %d\n", b, n); return 0; }
