#include <stdio.h>
int main(void) {
    int a[10]; int *p = a, *q = a + 10;
    for (int i = 0; i < 10; i++) *p++ = i * i;
    printf("%td %d %d\n", q - a, p == q, *(q - 1));
    p = a; *p++ += 5; ++*p; printf("%d %d %d\n", a[0], a[1], 3[a]);
    int m[3][4] = {{1,2,3,4},{5,6},{[2] = 9}};
    int (*row)[4] = m; row++;
    printf("%d %d %d %zu\n", (*row)[1], row[1][2], *(*(m + 1) + 1), sizeof *row);
    char *s = "hello"; char **ss = &s; printf("%c %c %s\n", *++*ss, **ss, s + 1);
    unsigned u = 0; u--; unsigned char c = 255; c++; unsigned short h = 65535; h += 2;
    printf("%u %d %d %lu\n", u, c, h, (unsigned long)-1);
    printf("%u %u\n", 3u - 5u, (unsigned)-7 / 2);
    printf("%d %d\n", -7 / 2, -7 % 3);
    unsigned long big = 1ul << 63; printf("%lu %lu\n", big * 2, big >> 60);
    long l = -9; printf("%ld %ld\n", l >> 1, l / 2);
    int i = 'a' - 'A'; printf("%d %c %x %o %#x %#o\n", i, 'a' - i, 255, 8, 255, 8);
    const char *names[] = {"x", "yy", "zzz"}; const char **n = names; printf("%s\n", *n++); printf("%s\n", *n);
    return 0;
}
