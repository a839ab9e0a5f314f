#include <stdio.h>
/* Expressions: precedence, side effects, conversions, short circuits. */
static int calls; static int note(int v) { calls = calls * 10 + v; return v; }
int main(void) {
    int a = 7, b = 2; unsigned u = 3; char c = 'x'; short s = -3; long l = 1L << 40; double d = 2.5;
    printf("%d %d %d\n", a + b * 3 - a / b % 2, a << b + 1 >> 2, a & b | 5 ^ 1);
    printf("%d %d %d\n", -1 < (int)u, -1 < u, s < u);
    printf("%d %ld %g %g\n", c + 1, l + a, a / b + d, a / (double)b);
    printf("%d %d\n", note(1) && note(0) && note(2), note(3) || note(4)); printf("%d\n", calls);
    printf("%d %d\n", a > b ? a > 5 ? 1 : 2 : 3, (a, b, 9));
    int i = 4; int x = i++ * 2 + --a; printf("%d %d %d\n", i, x, a);
    a = b = 4; a *= b + 1; printf("%d %d\n", a, a != b == 1);
    printf("%d %d %d\n", !a, !!a, ~a); printf("%d %d\n", (int)3.99 + (int)-3.99, (char)321);
    printf("%u %u\n", -5 % 3u, (unsigned char)-1 + 1u);
    int arr[5] = {1, 2, 3, 4, 5}, *p = arr; printf("%d\n", *p++); printf("%d %d %d\n", *p, *(p + 2), p[-1] + 2[arr]);
    p = arr; int y = *p++; y += *++p; printf("%d\n", y);
    long double_it = sizeof(int) * 2; printf("%ld %zu\n", double_it, sizeof(a++)); printf("%d\n", a);
printf("%d\n", 0x7fffffff & 0xff00ff00 ? 1 : 0);
    printf("%d %d\n", 'a' < 'b' == 1, "abc"[1] - 'a'); printf("%lu\n", sizeof(char[7]) + sizeof "abc");
    return 1 ? 2 : 3;
}
