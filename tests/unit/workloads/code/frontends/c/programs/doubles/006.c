#include <stdio.h>
int main(void) { double z = 0.0, nan = z / z; printf("%d %d %d %d %d\n", nan == nan, nan != nan, nan < 1, nan >= 1, !(nan < 1)); printf("%d %d\n", 1 / z > 1e300, -1 / z < -1e300); if (nan) puts("true"); return 0; }
