#include <stdio.h>

int main(void) {
    static const int values[] = {1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1};
    static const char numerals[][3] = {"M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I"};
    int number;
    scanf("%*s %d", &number);
    for (int i = 0; number; i++)
        for (; number >= values[i]; number -= values[i])
            fputs(numerals[i], stdout);
    putchar('\n');
    return 0;
}
