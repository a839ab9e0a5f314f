#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static bool is_valid(const char *text) {
    int sum = 0, count = 0;
    for (const char *at = text + strlen(text) - 1; at >= text; at--) {
        if (*at == ' ')
            continue;
        if (!isdigit((unsigned char)*at))
            return false;
        int digit = *at - '0';
        if (count++ % 2)
            digit = digit > 4 ? 2 * digit - 9 : 2 * digit;
        sum += digit;
    }
    return count > 1 && sum % 10 == 0;
}

int main(void) {
    char line[120];
    fgets(line, sizeof line, stdin);
    fgets(line, sizeof line, stdin);
    line[strcspn(line, "\n")] = '\0';
    puts(is_valid(line) ? "true" : "false");
    return 0;
}
