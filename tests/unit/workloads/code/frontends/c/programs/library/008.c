#include <stdio.h>
#include <string.h>
int main(void) { char big[100]; memset(big, 0, sizeof big); for (int i = 0; i < 99; i++) big[i] = 'a' + i % 26; printf("%lu %s\n", strlen(big), big + 90); memmove(big, big + 3, 50); printf("%.10s\n", big); memmove(big + 1, big, 20); printf("%.10s\n", big); return memcmp(big, "ddefg", 5); }
