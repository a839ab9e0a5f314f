#include <stdio.h>
int main(void) { printf("%lu %lu %lu %lu %lu %lu\n", sizeof(char), sizeof(short), sizeof(int), sizeof(long), sizeof(double), sizeof(void *)); int a[10]; printf("%lu %lu %lu\n", sizeof a, sizeof a[0], sizeof(a) / sizeof(*a)); return 0; }
