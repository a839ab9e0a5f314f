#include <stdio.h>
int palindrome(const char *s, int n) { return n < 2 || (s[0] == s[n - 1] && palindrome(s + 1, n - 2)); } int main(void) { printf("%d %d\n", palindrome("racecar", 7), palindrome("tomato", 6)); return 0; }
