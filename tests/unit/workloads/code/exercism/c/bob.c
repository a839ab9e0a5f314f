#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>

int main(void) {
    int c, last = 0;
    bool upper = false, lower = false;
    while ((c = getchar()) != '\n')
        ;
    while ((c = getchar()) != EOF) {
        upper = upper || isupper(c);
        lower = lower || islower(c);
        if (!isspace(c))
            last = c;
    }
    bool shouted = upper && !lower;
    if (!last)
        puts("Fine. Be that way!");
    else if (last == '?')
        puts(shouted ? "Calm down, I know what I'm doing!" : "Sure.");
    else
        puts(shouted ? "Whoa, chill out!" : "Whatever.");
    return 0;
}
