#include <stdio.h>
int main(void) { char text[] = "caesar cipher", *p; for (p = text; *p; p++) if (*p >= 'a' && *p <= 'z') *p = (*p - 'a' + 3) % 26 + 'a'; puts(text); for (p = text; *p; p++) if (*p >= 'a' && *p <= 'z') *p = (*p - 'a' + 23) % 26 + 'a'; puts(text); return 0; }
