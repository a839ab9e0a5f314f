#include <stdio.h>

int main(void) {
    long number, sum = 1;
    scanf("%*s %ld", &number);
    if (number < 1) {
        puts("error: Classification is only possible for positive integers.");
        return 0;
    }
    for (long d = 2; d * d <= number; d++)
        if (number % d == 0)
            sum += d * d == number ? d : d + number / d;
    if (number == 1)
        sum = 0;
    puts(sum == number ? "perfect" : sum > number ? "abundant" : "deficient");
    return 0;
}
