#include <stdio.h>
static const char *name(int d) { switch (d) { case 1: return "one"; case 2: return "two"; case 3: return "three"; default: return "many"; } }
int main(void) { for (int i = 0; i < 5; i++) printf("%s ", name(i)); puts(""); return 0; }
