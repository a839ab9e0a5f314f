#include <stdio.h>
#include <string.h>

int main(void) {
    char lines[3][80];
    for (int i = 0; i < 3; i++) {
        fgets(lines[i], sizeof lines[i], stdin);
        lines[i][strcspn(lines[i], "\n")] = '\0';
    }
    if (strlen(lines[1]) != strlen(lines[2])) {
        puts("error: strands must be of equal length");
        return 0;
    }
    int distance = 0;
    for (const char *a = lines[1], *b = lines[2]; *a; a++, b++)
        distance += *a != *b;
    printf("%d\n", distance);
    return 0;
}
