#include <stdio.h>
int data[700]; int main(void) { for (int i = 0; i < 700; i++) data[i] = i ^ 5; long s = 0; for (int i = 699; i >= 0; i--) s = s * 3 % 1000003 + data[i]; printf("%ld\n", s); return 0; }
