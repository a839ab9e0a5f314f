/* The scanf family: from the reader, or from text in memory. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ctype.h>
#include <stdarg.h>

static const char *__from;
static int __read;

static int __next(void) {
    __read++;
    if (!__from)
        return getchar();
    return *__from ? (unsigned char)*__from++ : -1;
}

static void __back(int c) {
    __read--;
    if (c < 0)
        return;
    if (__from)
        __from--;
    else
        ungetc(c, NULL);
}

static int __skip_space(void) {
    int c;
    while (isspace(c = __next()))
        ;
    __back(c);
    return c;
}

static int __takes(int c, const char *set, int base) {
    if (base)
        return isdigit(c) ? c - '0' < base : isxdigit(c) && base == 16;
    return strchr(set, c) != NULL;
}

/* Reads the characters of a number into text; gives how many there are. */
static int __number_text(char *text, int width, int base) {
    int at = 0, c, digits = 0, floating = base == 1;
    if (width <= 0 || width > 60)
        width = 60;
    for (; at < width; text[at++] = c) {
        c = __next();
        if (c == '-' || c == '+') {
            if (at != 0 && !(floating && (text[at - 1] | 32) == 'e'))
                break;
        } else if (floating) {
            if (c < 0 || !(isdigit(c) || c == '.' || (digits && (c | 32) == 'e')))
                break;
            if (c == '.' && memchr(text, '.', at))
                break;
            digits += isdigit(c) != 0;
        } else if (base == 16 && (c | 32) == 'x' && digits == 1 && text[at - 1] == '0')
            continue;
        else if (c >= 0 && __takes(c, "", base))
            digits++;
        else
            break;
    }
    if (at < width)
        __back(c);
    text[at] = 0;
    return digits ? at : 0;
}

static void __store(void *to, int size, unsigned long value) {
    switch (size) {
    case 1:
        *(char *)to = value;
        break;
    case 2:
        *(short *)to = value;
        break;
    case 8:
        *(long *)to = value;
        break;
    default:
        *(int *)to = value;
    }
}

static int __word_text(char *to, int width) {
    int c, at = 0;
    __skip_space();
    while (at != width && (c = __next()) >= 0) {
        if (isspace(c)) {
            __back(c);
            break;
        }
        if (to)
            to[at] = c;
        at++;
    }
    if (to && at)
        to[at] = 0;
    return at;
}

static const char *__set_text(const char *set, char *to, int width, int *count) {
    int inverted = *set == '^', c, at = 0;
    const char *end = set + inverted + 1;
    while (*end && *end != ']')
        end++;
    set += inverted;
    while (at != width && (c = __next()) >= 0) {
        int found = 0;
        for (const char *one = set; one < end && !found; one++)
            if (one[1] == '-' && one + 2 < end) {
                found = c >= *one && c <= one[2];
                one += 2;
            } else
                found = c == *one;
        if (found == inverted) {
            __back(c);
            break;
        }
        if (to)
            to[at] = c;
        at++;
    }
    if (to && at)
        to[at] = 0;
    *count = at;
    return end;
}

static int __scan(const char *format, void **places) {
    char text[64];
    int done = 0, ignored, width, size, got, c;
    __read = 0;
    for (; *format; format++) {
        if (isspace(*format)) {
            __skip_space();
            continue;
        }
        if (*format != '%') {
            c = __next();
            if (c != *format) {
                __back(c);
                return c < 0 && !done ? -1 : done;
            }
            continue;
        }
        format++;
        ignored = *format == '*';
        format += ignored;
        width = isdigit(*format) ? 0 : -1;
        for (; isdigit(*format); format++)
            width = width * 10 + *format - '0';
        size = 4;
        for (;; format++)
            if (*format == 'h')
                size = size == 2 ? 1 : 2;
            else if (*format == 'l' || *format == 'z' || *format == 'j' || *format == 't')
                size = 8;
            else
                break;
        c = *format == 'c' || *format == '[' || *format == 'n' ? 0 : __skip_space();
        if (c < 0)
            return done ? done : -1;
        switch (*format) {
        case '%':
            if ((c = __next()) != '%') {
                __back(c);
                return done;
            }
            continue;
        case 'n':
            __store(*places++, size, __read);
            continue;
        case 'd':
        case 'u':
            got = __number_text(text, width, 10);
            break;
        case 'i':
        case 'x':
        case 'X':
        case 'p':
            got = __number_text(text, width, 16);
            break;
        case 'o':
            got = __number_text(text, width, 8);
            break;
        case 's':
            got = __word_text(ignored ? NULL : *places, width);
            break;
        case '[':
            format = __set_text(format + 1, ignored ? NULL : *places, width, &got);
            break;
        case 'c':
            got = 0;
            for (width = width < 0 ? 1 : width; got < width && (c = __next()) >= 0; got++)
                if (!ignored)
                    ((char *)*places)[got] = c;
            if (got < width)
                return done ? done : -1;
            break;
        default:
            if (!*format || !strchr("feEgGF", *format))
                __trap_format();
            got = __number_text(text, width, 1);
        }
        if (!got) {
            c = __next();
            __back(c);
            return c < 0 && !done ? -1 : done;
        }
        if (ignored)
            continue;
        if (*format == 'd' || *format == 'i')
            __store(*places, size, strtol(text, NULL, *format == 'd' ? 10 : 0));
        else if (*format == 'u' || *format == 'o')
            __store(*places, size, strtoul(text, NULL, *format == 'u' ? 10 : 8));
        else if (*format == 'x' || *format == 'X' || *format == 'p')
            __store(*places, *format == 'p' ? 8 : size, strtoul(text, NULL, 16));
        else if (strchr("feEgGF", *format))
            *(double *)*places = strtod(text, NULL);
        places++;
        done++;
    }
    return done;
}

int scanf(const char *format, ...) {
    __from = NULL;
    return __scan(format, (void **)__va_args());
}

int fscanf(struct __file *from, const char *format, ...) {
    (void)from;
    __from = NULL;
    return __scan(format, (void **)__va_args());
}

int sscanf(const char *from, const char *format, ...) {
    __from = from;
    return __scan(format, (void **)__va_args());
}
