#include <stdio.h>
int main(void) { const char *f = "%d and %s\n"; printf(f, 5, "five"); const char *list[] = {"%d\n", "%05d\n", "%x\n"}; for (int i = 0; i < 3; i++) printf(list[i], 200); return 0; }
