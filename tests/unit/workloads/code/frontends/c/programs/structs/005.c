#include <stdio.h>
struct item { const char *name; int price; } shop[] = {{"card", 3}, {"wheel", 120}, {"lever", 45}}; int main(void) { int total = 0; for (int i = 0; i < 3; i++) { printf("%-6s%4d\n", shop[i].name, shop[i].price); total += shop[i].price; } printf("%d\n", total); return 0; }
