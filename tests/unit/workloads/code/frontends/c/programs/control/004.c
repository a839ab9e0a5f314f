#include <stdio.h>
int main(void) { for (int i = 0; i < 20; i++) { if (i % 2) continue; if (i > 12) break; printf("%d,", i); } puts(""); return 0; }
