#include <stdio.h>
enum color { RED, GREEN = 5, BLUE }; int main(void) { for (enum color c = RED; c <= BLUE; c++) switch (c) { case RED: puts("red"); break; case GREEN: puts("green"); break; case BLUE: puts("blue"); break; default: printf("%d?\n", c); } return 0; }
