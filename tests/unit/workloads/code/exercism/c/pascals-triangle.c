#include <stdio.h>

int main(void) {
    int count, row[20] = {0};
    scanf("%*s %d", &count);
    for (int n = 0; n < count; n++) {
        row[n] = 1;
        for (int i = n - 1; i > 0; i--)
            row[i] += row[i - 1];
        for (int i = 0; i <= n; i++)
            printf("%s%d", i ? " " : "", row[i]);
        putchar('\n');
    }
    return 0;
}
