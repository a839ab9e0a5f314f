#include <stdio.h>

int main(void) {
    long value;
    const char *between = "";
    scanf("%*s %ld", &value);
    for (long d = 2; value > 1; d++) {
        if (d * d > value)
            d = value;
        for (; value % d == 0; value /= d, between = " ")
            printf("%s%ld", between, d);
    }
    putchar('\n');
    return 0;
}
