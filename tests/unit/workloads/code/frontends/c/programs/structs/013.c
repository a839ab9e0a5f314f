#include <stdio.h>
struct date { unsigned short year; unsigned char month, day; }; int cmp(struct date a, struct date b) { if (a.year != b.year) return a.year < b.year ? -1 : 1; if (a.month != b.month) return a.month - b.month; return a.day - b.day; } int main(void) { struct date a = {1815, 12, 10}, b = {1791, 12, 26}; printf("%lu %d %d\n", sizeof a, cmp(a, b) > 0, cmp(a, a)); return 0; }
