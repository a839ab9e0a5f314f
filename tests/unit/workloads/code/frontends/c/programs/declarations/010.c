#include <stdio.h>
char text[8] = "abc", full[3] = {'x', 'y', 'z'}, *list[] = {"one", "two", 0}; unsigned char bytes[] = {255, 0x7f, 'a', '\0'}; int main(void) { printf("%s %c%c %lu %s %d %d\n", text, full[0], full[2], sizeof list / sizeof *list, list[1], bytes[0], list[2] == 0); return 0; }
