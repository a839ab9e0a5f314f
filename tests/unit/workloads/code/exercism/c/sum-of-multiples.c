#include <stdio.h>

int main(void) {
    int count, limit, factors[10];
    long sum = 0;
    scanf("%*s %d", &count);
    for (int i = 0; i < count; i++)
        scanf("%d", &factors[i]);
    scanf("%d", &limit);
    for (int n = 1; n < limit; n++)
        for (int i = 0; i < count; i++)
            if (factors[i] && n % factors[i] == 0) {
                sum += n;
                break;
            }
    printf("%ld\n", sum);
    return 0;
}
