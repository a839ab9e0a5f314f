#include <stdbool.h>
#include <stdio.h>

static bool is_prime(int n) {
    for (int d = 3; d * d <= n; d += 2)
        if (n % d == 0)
            return false;
    return true;
}

int main(void) {
    int number;
    scanf("%*s %d", &number);
    if (number < 1) {
        puts("error: there is no zeroth prime");
        return 0;
    }
    int prime = 2;
    for (int candidate = 3; number > 1; candidate += 2)
        if (is_prime(candidate)) {
            prime = candidate;
            number--;
        }
    printf("%d\n", prime);
    return 0;
}
