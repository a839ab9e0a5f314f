#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>

int main(void) {
    int c;
    unsigned seen = 0;
    bool twice = false;
    while (getchar() != '\n')
        ;
    while ((c = getchar()) != EOF) {
        if (!isalpha(c))
            continue;
        unsigned letter = 1u << (tolower(c) - 'a');
        twice = twice || seen & letter;
        seen |= letter;
    }
    puts(twice ? "false" : "true");
    return 0;
}
