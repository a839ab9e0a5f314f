#include <stdio.h>
int main(void) { for (int i = -3; i <= 3; i++) printf("%.0f %.1f %.2f\n", i + 0.5, i * 0.25, i * 0.125); return 0; }
