#include <stdbool.h>
#include <stdio.h>
#include <string.h>

int main(void) {
    char property[20];
    double a, b, c;
    scanf("%19s %*d %lf %lf %lf", property, &a, &b, &c);
    bool is_triangle = a > 0 && b > 0 && c > 0 && a + b >= c && b + c >= a && a + c >= b;
    int equal = (a == b) + (b == c) + (a == c);
    bool holds;
    if (strcmp(property, "equilateral") == 0)
        holds = equal == 3;
    else if (strcmp(property, "isosceles") == 0)
        holds = equal > 0;
    else
        holds = equal == 0;
    puts(is_triangle && holds ? "true" : "false");
    return 0;
}
