#include <stdio.h>
#include <string.h>

struct planet {
    const char *name;
    double years;
};

int main(void) {
    static const struct planet planets[] = {
        {"Mercury", 0.2408467}, {"Venus", 0.61519726}, {"Earth", 1.0},      {"Mars", 1.8808158},
        {"Jupiter", 11.862615}, {"Saturn", 29.447498}, {"Uranus", 84.016846}, {"Neptune", 164.79132},
    };
    char name[20];
    long seconds;
    scanf("%*s %19s %ld", name, &seconds);
    for (const struct planet *p = planets; p < planets + sizeof planets / sizeof *planets; p++)
        if (strcmp(p->name, name) == 0) {
            printf("%.2f\n", seconds / 31557600.0 / p->years);
            return 0;
        }
    puts("error: not a planet");
    return 0;
}
