#include <stdint.h>
#include <stdio.h>
#include <string.h>

int main(void) {
    char property[40];
    int square;
    scanf("%39s", property);
    if (strcmp(property, "total") == 0)
        printf("%lu\n", UINT64_MAX);
    else if (scanf("%d", &square) != 1 || square < 1 || square > 64)
        puts("error: square must be between 1 and 64");
    else
        printf("%lu\n", (uint64_t)1 << (square - 1));
    return 0;
}
