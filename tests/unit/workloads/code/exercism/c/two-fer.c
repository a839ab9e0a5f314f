#include <stdio.h>
#include <string.h>

int main(void) {
    char name[60];
    fgets(name, sizeof name, stdin);
    fgets(name, sizeof name, stdin);
    name[strcspn(name, "\n")] = '\0';
    printf("One for %s, one for me.\n", *name ? name : "you");
    return 0;
}
