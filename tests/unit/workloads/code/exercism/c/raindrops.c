#include <stdio.h>

static const struct {
    int factor;
    const char *sound;
} sounds[] = {{3, "Pling"}, {5, "Plang"}, {7, "Plong"}};

int main(void) {
    int number, heard = 0;
    scanf("%*s %d", &number);
    for (size_t i = 0; i < sizeof sounds / sizeof *sounds; i++)
        if (number % sounds[i].factor == 0)
            heard += printf("%s", sounds[i].sound);
    if (!heard)
        printf("%d", number);
    putchar('\n');
    return 0;
}
