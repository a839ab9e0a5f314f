#include <stdio.h>
#include <string.h>
int main(void) { char a[20] = "abc"; strcat(a, "def"); printf("%s %lu\n", a, strlen(a)); strcpy(a, "xy"); printf("%s %d\n", a, a[3]); return 0; }
