/* stdio.h without formats: characters and lines, in and out. */
#include <stdio.h>
#include <string.h>

struct __file {
    int number;
};

static struct __file __files[3] = {{0}, {1}, {2}};
struct __file *__stdin = &__files[0], *__stdout = &__files[1], *__stderr = &__files[2];
static int __pushed = -2, __ended;

int getchar(void) {
    int c = __pushed;
    if (c != -2) {
        __pushed = -2;
        return c;
    }
    c = __get_byte();
    if (c < 0)
        __ended = 1;
    return c;
}

int ungetc(int c, struct __file *from) {
    (void)from;
    if (c >= 0)
        __pushed = c & 255;
    return c;
}

int fgetc(struct __file *from) {
    (void)from;
    return getchar();
}

int getc(struct __file *from) {
    (void)from;
    return getchar();
}

int feof(struct __file *from) {
    (void)from;
    return __ended;
}

char *fgets(char *to, int size, struct __file *from) {
    int c, at = 0;
    (void)from;
    while (at < size - 1 && (c = getchar()) >= 0) {
        to[at++] = c;
        if (c == '\n')
            break;
    }
    if (at == 0)
        return NULL;
    to[at] = 0;
    return to;
}

static void __puts(const char *text) {
    for (; *text; text++)
        __put_byte(*text & 255);
}

int puts(const char *text) {
    __puts(text);
    __put_byte('\n');
    return 1;
}

int fputs(const char *text, struct __file *to) {
    if (to == __stderr)
        __roll_err();
    __puts(text);
    __roll_out();
    return 1;
}

int fputc(int c, struct __file *to) {
    if (to == __stderr)
        __roll_err();
    __put_byte(c & 255);
    __roll_out();
    return c & 255;
}

int putc(int c, struct __file *to) { return fputc(c, to); }

void perror(const char *text) {
    fputs(text, __stderr);
    fputs(": Success\n", __stderr);
}

void __assert_failed(const char *what, int line) {
    char digits[12];
    int at = 11;
    digits[at] = 0;
    do
        digits[--at] = '0' + line % 10;
    while (line /= 10);
    fputs("program: main.c:", __stderr);
    fputs(digits + at, __stderr);
    fputs(": Assertion `", __stderr);
    fputs(what, __stderr);
    fputs("' failed.\n", __stderr);
    __trap_assert();
}
