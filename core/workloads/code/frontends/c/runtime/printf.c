/* The printf family: numbers, text and floats with flags, width and precision, to the printer or into memory. */
#include <stdio.h>
#include <string.h>
#include <ctype.h>
#include <stdarg.h>
#define LEFT 1
#define PLUS 2
#define SPACE 4
#define ALTERNATE 8
#define ZERO 16

static char *__to;
static long __room;
static int __count;

static void __emit(int c) {
    __count++;
    if (!__to)
        __put_byte(c & 255);
    else if (__room > 1) {
        *__to++ = c;
        __room--;
    }
}

static void __emit_all(const char *text, int length) {
    while (length-- > 0)
        __emit(*text++);
}

static void __pad(int c, int count) {
    while (count-- > 0)
        __emit(c);
}

/* Prints prefix and body within the width: spaces before, zeros between, or spaces behind. */
static void __boxed(const char *prefix, const char *body, int length, int flags, int width) {
    int before = strlen(prefix), pad = width - length - before;
    if (!(flags & (LEFT | ZERO)))
        __pad(' ', pad);
    __emit_all(prefix, before);
    if (flags & ZERO && !(flags & LEFT))
        __pad('0', pad);
    __emit_all(body, length);
    if (flags & LEFT)
        __pad(' ', pad);
}

static const char *__sign(int negative, int flags) {
    return negative ? "-" : flags & PLUS ? "+" : flags & SPACE ? " " : "";
}

static void __integer(__word value, int base, int upper, const char *prefix, int flags, int width, int precision) {
    char digits[72];
    int at = 72, digit, least = precision;
    if (precision >= 0)
        flags &= ~ZERO;
    else
        least = 1;
    if (least > 70)
        __trap_digits();
    while (value > 0) {
        digit = value % base;
        digits[--at] = digit < 10 ? '0' + digit : (upper ? 'A' : 'a') + digit - 10;
        value /= base;
    }
    while (72 - at < least)
        digits[--at] = '0';
    if (flags & ALTERNATE && base == 8 && (at == 72 || digits[at] != '0'))
        digits[--at] = '0';
    __boxed(prefix, digits + at, 72 - at, flags, width);
}

/* A whole number of more than 50 digits: the fraction of the image times a power of two, in parts of 18 digits. */
static int __huge(double x, char *text) {
    long parts[18], part = 1000000000000000000L;
    unsigned long image = __image(x);
    int power = (int)(image >> 52 & 2047) - 1075, used = 1, i, j, step, at = 0;
    __word carry;
    parts[0] = (image & 0xFFFFFFFFFFFFFUL) | 0x10000000000000UL;
    while (power > 0) {
        step = power < 40 ? power : 40;
        power -= step;
        for (i = 0, carry = 0; i < used; i++) {
            carry += (__word)parts[i] << step;
            parts[i] = carry % part;
            carry /= part;
        }
        if (carry)
            parts[used++] = carry;
    }
    for (i = used - 1; i >= 0; i--)
        for (j = 0, part = 100000000000000000L; j < 18; j++, part /= 10)
            if (at || parts[i] / part % 10)
                text[at++] = '0' + parts[i] / part % 10;
    return at;
}

static int __digits_of(__word value, char *text, int least) {
    char reversed[56];
    int count = 0, i;
    while (value > 0 || count < least) {
        reversed[count++] = '0' + value % 10;
        value /= 10;
    }
    for (i = 0; i < count; i++)
        text[i] = reversed[count - 1 - i];
    return count;
}

static int __fixed(double x, int precision, int flags, char *text) {
    int length, whole;
    if (x >= 1e49 && precision >= 0) {
        length = whole = __huge(x, text);
        if (precision > 50)
            __trap_digits();
        text[length] = '.';
        for (whole = 0; whole < precision; whole++)
            text[length + 1 + whole] = '0';
        return precision || flags & ALTERNATE ? length + 1 + precision : length;
    }
    if (precision > 49 || (x > 0 && __fexponent(x) + precision > 48)) {
        if (x >= 1e15 && precision <= 49) {
            length = __digits_of(__fdigits(x, 0), text, 1);
            text[length++] = '.';
            for (whole = 0; whole < precision; whole++)
                text[length++] = '0';
            if (x < 4503599627370496.0)
                __trap_digits();
            return length;
        }
        __trap_digits();
    }
    length = __digits_of(__fdigits(x, precision), text, precision + 1);
    if (precision == 0) {
        if (flags & ALTERNATE)
            text[length++] = '.';
        return length;
    }
    for (whole = length; whole > length - precision; whole--)
        text[whole] = text[whole - 1];
    text[length - precision] = '.';
    return length + 1;
}

/* The digits of x to so many places behind the first, and the power of ten of the first. */
static int __scientific(double x, int precision, char *digits) {
    int exponent;
    __word value, limit = 1;
    if (precision > 48)
        __trap_digits();
    exponent = x > 0 ? __fexponent(x) : 0;
    value = __fdigits(x, precision - exponent);
    for (int i = 0; i <= precision; i++)
        limit *= 10;
    if (value >= limit) {
        value /= 10;
        exponent++;
    }
    __digits_of(value, digits, precision + 1);
    return exponent;
}

static int __exponential(double x, int precision, int flags, int upper, char *text) {
    char digits[56];
    int exponent = __scientific(x, precision, digits), at = 0;
    text[at++] = digits[0];
    if (precision || flags & ALTERNATE)
        text[at++] = '.';
    memcpy(text + at, digits + 1, precision);
    at += precision;
    text[at++] = upper ? 'E' : 'e';
    text[at++] = exponent < 0 ? '-' : '+';
    if (exponent < 0)
        exponent = -exponent;
    return at + __digits_of(exponent, text + at, 2);
}

static int __stripped(const char *text, int length) {
    if (!memchr(text, '.', length))
        return length;
    while (text[length - 1] == '0')
        length--;
    return text[length - 1] == '.' ? length - 1 : length;
}

static int __general(double x, int precision, int flags, int upper, char *text) {
    char digits[56];
    int exponent, length, tail;
    if (precision == 0)
        precision = 1;
    exponent = __scientific(x, precision - 1, digits);
    if (exponent >= -4 && exponent < precision) {
        length = __fixed(x, precision - 1 - exponent, flags, text);
        return flags & ALTERNATE ? length : __stripped(text, length);
    }
    length = __exponential(x, precision - 1, flags, upper, text);
    if (flags & ALTERNATE)
        return length;
    for (tail = length; (text[tail - 1] | 32) != 'e'; tail--)
        ;
    tail--;
    exponent = __stripped(text, tail);
    memmove(text + exponent, text + tail, length - tail);
    return exponent + length - tail;
}

/* Computations give one image for what is no number, which x86-64 prints as -nan; turned round, it is nan. */
static void __floating(double x, int letter, int flags, int width, int precision) {
    char text[400];
    int upper = isupper(letter), negative = __image(x) >> 63 != 0, length;
    if (x != x || x - x != 0) {
        negative = x != x ? !negative : negative;
        __boxed(__sign(negative, flags), x != x ? upper ? "NAN" : "nan" : upper ? "INF" : "inf", 3, flags & ~ZERO, width);
        return;
    }
    if (negative)
        x = -x;
    if (precision < 0)
        precision = 6;
    letter = tolower(letter);
    if (letter == 'f')
        length = __fixed(x, precision, flags, text);
    else if (letter == 'e')
        length = __exponential(x, precision, flags, upper, text);
    else
        length = __general(x, precision, flags, upper, text);
    __boxed(__sign(negative, flags), text, length, flags, width);
}

static void __text(const char *text, int flags, int width, int precision) {
    int length = 0;
    if (!text)
        text = "(null)";
    while (length != precision && text[length])
        length++;
    __boxed("", text, length, flags & LEFT, width);
}

static void __directive(__word value, int letter, int flags, int width, int precision) {
    char one[1];
    if (width < 0) {
        flags |= LEFT;
        width = -width;
    }
    switch (letter) {
    case 'd':
    case 'i':
        __integer(value < 0 ? -value : value, 10, 0, __sign(value < 0, flags), flags & ~ALTERNATE, width, precision);
        break;
    case 'u':
        __integer(value, 10, 0, "", flags & ~ALTERNATE, width, precision);
        break;
    case 'o':
        __integer(value, 8, 0, "", flags, width, precision);
        break;
    case 'x':
    case 'X':
        __integer(value, 16, letter == 'X', flags & ALTERNATE && value ? letter == 'X' ? "0X" : "0x" : "", flags, width,
                  precision);
        break;
    case 'p':
        if (value)
            __integer(value, 16, 0, "0x", flags, width, precision);
        else
            __text("(nil)", flags, width, -1);
        break;
    case 'c':
        one[0] = (unsigned long)value;
        __boxed("", one, 1, flags & LEFT, width);
        break;
    case 's':
        __text((const char *)(unsigned long)value, flags, width, precision);
        break;
    default:
        __floating(__float((unsigned long)value), letter, flags, width, precision);
    }
}

static __word __sized(unsigned long value, int letter, int size) {
    int is_signed = letter == 'd' || letter == 'i';
    if (letter == 'c' || !strchr("diuoxX", letter))
        return value;
    switch (size) {
    case 1:
        return is_signed ? (__word)(signed char)value : (__word)(unsigned char)value;
    case 2:
        return is_signed ? (__word)(short)value : (__word)(unsigned short)value;
    case 8:
        return is_signed ? (__word)(long)value : (__word)value;
    }
    return is_signed ? (__word)(int)value : (__word)(unsigned int)value;
}

/* Reads a format; the values lie in words one after another. */
static void __format(const char *format, const unsigned long *values) {
    const char *flag;
    int flags, width, precision, size;
    for (; *format; format++) {
        if (*format != '%') {
            __emit(*format);
            continue;
        }
        flags = 0;
        width = 0;
        precision = -1;
        size = 4;
        for (format++; *format && (flag = strchr("-+ #0", *format)); format++)
            flags |= 1 << (flag - "-+ #0");
        if (*format == '*') {
            width = (int)*values++;
            format++;
        } else
            for (; isdigit(*format); format++)
                width = width * 10 + *format - '0';
        if (*format == '.') {
            precision = 0;
            if (*++format == '*') {
                precision = (int)*values++;
                format++;
            } else
                for (; isdigit(*format); format++)
                    precision = precision * 10 + *format - '0';
            if (precision < 0)
                precision = -1;
        }
        for (;; format++)
            if (*format == 'h')
                size = size == 2 ? 1 : 2;
            else if (*format == 'l' || *format == 'z' || *format == 'j' || *format == 't')
                size = 8;
            else
                break;
        if (*format == '%')
            __emit('%');
        else if (*format && strchr("diuoxXpcsfFeEgG", *format)) {
            __directive(__sized(*values, *format, size), *format, flags, width, precision);
            values++;
        } else
            __trap_format();
    }
}

void __print_text(const char *text) {
    if (!text)
        text = "(null)";
    for (; *text; text++)
        __put_byte(*text & 255);
}

void __print_directive(__word value, int letter, int flags, int width, int precision) {
    __to = NULL;
    __directive(value, letter, flags, width, precision);
}

void __print_number(__word value, int flags, int width, int precision) {
    __to = NULL;
    __integer(value < 0 ? -value : value, 10, 0, __sign(value < 0, flags), flags & ~ALTERNATE, width, precision);
}

int printf(const char *format, ...) {
    __to = NULL;
    __count = 0;
    __format(format, (const unsigned long *)__va_args());
    return __count;
}

int fprintf(struct __file *to, const char *format, ...) {
    __to = NULL;
    __count = 0;
    if (to == stderr)
        __roll_err();
    __format(format, (const unsigned long *)__va_args());
    __roll_out();
    return __count;
}

int snprintf(char *to, unsigned long size, const char *format, ...) {
    char none[1];
    __to = size ? to : none;
    __room = size ? size : 1;
    __count = 0;
    __format(format, (const unsigned long *)__va_args());
    *__to = 0;
    return __count;
}

int sprintf(char *to, const char *format, ...) {
    __to = to;
    __room = 1000000;
    __count = 0;
    __format(format, (const unsigned long *)__va_args());
    *__to = 0;
    return __count;
}
