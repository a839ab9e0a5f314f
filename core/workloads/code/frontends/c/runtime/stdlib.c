/* stdlib.h without memory: numbers from text, random numbers as glibc has them, sorting. */
#include <stdlib.h>
#include <string.h>
#include <ctype.h>

int abs(int n) { return n < 0 ? -n : n; }
long labs(long n) { return n < 0 ? -n : n; }
long llabs(long n) { return n < 0 ? -n : n; }

static int __digit(int c) {
    if (isdigit(c))
        return c - '0';
    return isalpha(c) ? (c | 32) - 'a' + 10 : 99;
}

/* Reads a number of any length as a word, which is enough for all that fits 64 bits; larger ones stay at `most`. */
static __word __number(const char *text, char **end, int base, __word most) {
    const char *start = text;
    int negative = 0, any = 0;
    __word value = 0;
    while (isspace(*text))
        text++;
    if (*text == '-' || *text == '+')
        negative = *text++ == '-';
    if ((base == 0 || base == 16) && *text == '0' && (text[1] | 32) == 'x' && __digit(text[2]) < 16) {
        text += 2;
        base = 16;
    } else if (base == 0)
        base = *text == '0' ? 8 : 10;
    for (; __digit(*text) < base; text++, any = 1)
        if (value <= most)
            value = value * base + __digit(*text);
    if (end)
        *end = (char *)(any ? text : start);
    return negative ? -value : value;
}

long strtol(const char *text, char **end, int base) {
    __word value = __number(text, end, base, 9223372036854775808UL);
    if (value > 9223372036854775807L)
        return 9223372036854775807L;
    return value < -9223372036854775807L ? -9223372036854775807L - 1 : (long)value;
}

long strtoll(const char *text, char **end, int base) { return strtol(text, end, base); }

unsigned long strtoul(const char *text, char **end, int base) {
    __word value = __number(text, end, base, 18446744073709551615UL);
    return value > 18446744073709551615UL ? 18446744073709551615UL : (unsigned long)value;
}

int atoi(const char *text) { return (int)strtol(text, NULL, 10); }
long atol(const char *text) { return strtol(text, NULL, 10); }
long atoll(const char *text) { return strtol(text, NULL, 10); }

/* Digits beyond the 45th tell nothing but whether there is more. */
double strtod(const char *text, char **end) {
    const char *start = text, *mark;
    int negative = 0, any = 0, point = 0, kept = 0, sign, shift;
    __word digits = 0, exponent = 0;
    double value;
    while (isspace(*text))
        text++;
    if (*text == '-' || *text == '+')
        negative = *text++ == '-';
    for (;; text++) {
        if (*text == '.' && !point) {
            point = 1;
            continue;
        }
        if (!isdigit(*text))
            break;
        any = 1;
        if (kept < 45) {
            digits = digits * 10 + (*text - '0');
            kept += digits != 0;
            exponent -= point;
        } else {
            if (*text != '0' && kept == 45) {
                digits = digits * 10 + 1;
                exponent -= 1;
                kept = 46;
            }
            exponent += !point;
        }
    }
    if (any && (*text | 32) == 'e') {
        mark = text++;
        sign = 1;
        if (*text == '-' || *text == '+')
            sign = *text++ == '-' ? -1 : 1;
        if (isdigit(*text)) {
            for (shift = 0; isdigit(*text); text++)
                if (shift < 10000)
                    shift = shift * 10 + (*text - '0');
            exponent += sign * shift;
        } else
            text = mark;
    }
    if (end)
        *end = (char *)(any ? text : start);
    value = __fdecimal(digits, exponent);
    return negative ? -value : value;
}

double atof(const char *text) { return strtod(text, NULL); }

/* Random numbers: the additive feedback generator of glibc, of degree 31. */
static unsigned int __state[31];
static int __front = -1, __rear;

void srand(unsigned int seed) {
    int i;
    long word = seed ? (int)seed : 1;
    for (i = 0; i < 31; i++) {
        __state[i] = word;
        word = 16807 * (word % 127773) - 2836 * (word / 127773);
        if (word < 0)
            word += 2147483647;
    }
    __front = 3;
    __rear = 0;
    for (i = 0; i < 310; i++)
        rand();
}

int rand(void) {
    unsigned int sum;
    if (__front < 0)
        srand(1);
    sum = __state[__front] += __state[__rear];
    if (++__front == 31)
        __front = 0;
    if (++__rear == 31)
        __rear = 0;
    return sum >> 1;
}

/* Sorting by merging, which keeps the order of what is equal, as glibc's does. */
static void __sort(char *base, unsigned long count, unsigned long size, char *room,
                   int (*compare)(const void *, const void *)) {
    unsigned long half = count / 2, left = 0, right = half, at = 0;
    if (count < 2)
        return;
    __sort(base, half, size, room, compare);
    __sort(base + half * size, count - half, size, room, compare);
    if (compare(base + (half - 1) * size, base + half * size) <= 0)
        return;
    memcpy(room, base, half * size);
    while (left < half && right < count) {
        if (compare(room + left * size, base + right * size) <= 0)
            memcpy(base + at++ * size, room + left++ * size, size);
        else
            memcpy(base + at++ * size, base + right++ * size, size);
    }
    memcpy(base + at * size, room + left * size, (half - left) * size);
}

void qsort(void *base, unsigned long count, unsigned long size, int (*compare)(const void *, const void *)) {
    char *room = malloc(count / 2 * size + 8);
    __sort(base, count, size, room, compare);
    free(room);
}

void *bsearch(const void *key, const void *base, unsigned long count, unsigned long size,
              int (*compare)(const void *, const void *)) {
    unsigned long low = 0, high = count, middle;
    const char *at;
    int order;
    while (low < high) {
        middle = (low + high) / 2;
        at = (const char *)base + middle * size;
        order = compare(key, at);
        if (order == 0)
            return (void *)at;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}
