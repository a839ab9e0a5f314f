#include <stdio.h>

int main(void) {
    int year;
    scanf("%*s %d", &year);
    puts((year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? "true" : "false");
    return 0;
}
