#include <stdio.h>
#include <string.h>

static int square_of_sum(int n) {
    int sum = n * (n + 1) / 2;
    return sum * sum;
}

static int sum_of_squares(int n) {
    return n * (n + 1) * (2 * n + 1) / 6;
}

int main(void) {
    char property[40];
    int n;
    scanf("%39s %d", property, &n);
    if (strcmp(property, "squareOfSum") == 0)
        printf("%d\n", square_of_sum(n));
    else if (strcmp(property, "sumOfSquares") == 0)
        printf("%d\n", sum_of_squares(n));
    else
        printf("%d\n", square_of_sum(n) - sum_of_squares(n));
    return 0;
}
