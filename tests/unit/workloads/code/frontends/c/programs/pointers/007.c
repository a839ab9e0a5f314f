#include <stdio.h>
int main(void) { char s[] = "abc"; char *p = s; *p = 'X'; *(p + 1) -= 32; printf("%s %c\n", s, *++p); printf("%ld\n", p - s); return 0; }
