#include <stdio.h>
int main(void) { int q[5], head = 0, tail = 0; for (int i = 0; i < 12; i++) { q[tail] = i; tail = (tail + 1) % 5; if (i >= 3) { printf("%d ", q[head]); head = (head + 1) % 5; } } puts(""); return 0; }
