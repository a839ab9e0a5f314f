#include <stdio.h>

int main(void) {
    long number;
    int steps = 0;
    scanf("%*s %ld", &number);
    if (number < 1) {
        puts("error: Only positive integers are allowed");
        return 0;
    }
    for (; number != 1; steps++)
        number = number % 2 ? 3 * number + 1 : number / 2;
    printf("%d\n", steps);
    return 0;
}
