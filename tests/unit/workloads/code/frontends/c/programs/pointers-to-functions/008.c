#include <stdio.h>
static void start(void); static void middle(void); static void (*state)(void) = start; static int n; static void start(void) { puts("start"); state = middle; } static void middle(void) { printf("middle %d\n", n); if (++n == 3) state = 0; } int main(void) { while (state) state(); return n; }
