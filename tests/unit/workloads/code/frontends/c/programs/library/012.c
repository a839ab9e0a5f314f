#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ctype.h>
static int counter(void) { static int n = 5; static int calls; calls++; return n++ * calls; }
static int ack(int m, int n) { return m == 0 ? n + 1 : n == 0 ? ack(m - 1, 1) : ack(m - 1, ack(m, n - 1)); }
static int odd(int n); static int even(int n) { return n ? odd(n - 1) : 1; } static int odd(int n) { return n ? even(n - 1) : 0; }
static void hanoi(int n, char a, char b, char c, int *moves) { if (!n) return; hanoi(n-1, a, c, b, moves); ++*moves; hanoi(n-1, c, b, a, moves); }
static int classify(int n) {
    int r = 0;
    switch (n) { case 0: r += 1; case 1: r += 10; break; case 2: { int k = 3; r += k; } case 3: case 4: r += 100; goto out; default: r = -1; }
    r *= 2;
out:
    return r;
}
static int duff(char *to, const char *from, int count) { int n = (count + 3) / 4, steps = 0; switch (count % 4) { case 0: do { *to++ = *from++; steps++; case 3: *to++ = *from++; steps++; case 2: *to++ = *from++; steps++; case 1: *to++ = *from++; steps++; } while (--n > 0); } return steps; }
int main(void) {
    for (int i = 0; i < 3; i++) printf("%d ", counter());
    printf("%d %d %d\n", ack(2, 3), even(40), odd(7));
    int moves = 0; hanoi(6, 'A', 'B', 'C', &moves); printf("%d\n", moves);
    for (int i = -1; i < 6; i++) printf("%d ", classify(i)); puts("");
    char b[16] = {0}; int s = duff(b, "0123456789", 10); printf("%s %d\n", b, s);
    int i = 0; again: if (i < 3) { printf("%d,", i++); goto again; } puts("");
    char t[40] = "the quick brown fox"; for (char *w = strtok(t, " "); w; w = strtok(NULL, " ")) printf("<%s>", w); puts("");
    printf("%d %d %d\n", strcmp("a", "b") < 0, strncmp("abc", "abd", 2), strcmp("", ""));
    printf("%s %s %ld\n", strchr("hello", 'l'), strrchr("hello", 'l'), (long)(strstr("haystack", "st") - "haystack" > 0));
    printf("%zu %zu %s\n", strspn("aabbc", "ab"), strcspn("hello", "lo"), strpbrk("hello", "lo"));
    printf("%d %ld %.2f\n", atoi("  -42abc"), strtol("0x1fz", NULL, 0), atof("3.5e1"));
    char *e; long v = strtol("123abc", &e, 10); printf("%ld %s\n", v, e);
    printf("%d%d%d %c%c\n", !!isalpha('x'), !!isdigit('x'), !!isspace('\t'), toupper('q'), tolower('Q'));
    char *d = strdup("copy"); d[0] = 'C'; puts(d); free(d);
    int *arr = calloc(4, sizeof *arr); arr = realloc(arr, 8 * sizeof *arr); arr[7] = 9; printf("%d %d\n", arr[0], arr[7]); free(arr);
    memmove(t + 1, t, 3); t[4] = 0; puts(t);
    int x = 5; int y = (x > 3, x * 2); printf("%d\n", y);
    printf("%d\n", sizeof(char) + sizeof(int) + sizeof(double) == 13);
    unsigned char bits = 0xA5; bits = bits << 4 | bits >> 4; printf("%02x %d\n", bits, ~bits & 0xff);
    double z = 7 / 2 + 7 / 2.0; printf("%g %d\n", z, (int)-2.9);
    return 0;
}
