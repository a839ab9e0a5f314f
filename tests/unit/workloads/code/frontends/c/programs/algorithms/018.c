#include <stdio.h>
int digits[40], n = 1; int main(void) { digits[0] = 1; for (int f = 2; f <= 30; f++) { int carry = 0; for (int i = 0; i < n; i++) { carry += digits[i] * f; digits[i] = carry % 10; carry /= 10; } while (carry) { digits[n++] = carry % 10; carry /= 10; } } for (int i = n - 1; i >= 0; i--) printf("%d", digits[i]); puts(""); return n; }
