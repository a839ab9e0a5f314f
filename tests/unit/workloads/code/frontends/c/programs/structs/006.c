#include <stdio.h>
struct vec { double x, y, z; }; double dot(const struct vec *a, const struct vec *b) { return a->x * b->x + a->y * b->y + a->z * b->z; } int main(void) { struct vec a = {1, 2, 3}, b = {4, -5, 6}; printf("%g\n", dot(&a, &b)); return 0; }
