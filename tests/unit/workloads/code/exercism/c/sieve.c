#include <stdbool.h>
#include <stdio.h>

static bool struck[1001];

int main(void) {
    int limit;
    const char *between = "";
    scanf("%*s %d", &limit);
    for (int n = 2; n <= limit; n++) {
        if (struck[n])
            continue;
        printf("%s%d", between, n);
        between = " ";
        for (int multiple = n * n; multiple <= limit; multiple += n)
            struck[multiple] = true;
    }
    putchar('\n');
    return 0;
}
