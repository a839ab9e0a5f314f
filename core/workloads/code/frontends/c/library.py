"""The functions of the standard library that programs may call, by header; what they do is C in `runtime/c/`."""

import re

HEADERS: dict[str, str] = {
    "stdio.h": """
int printf(const char *format, ...); int scanf(const char *format, ...); int puts(const char *text);
int putchar(int c); int getchar(void); int sprintf(char *to, const char *format, ...);
int snprintf(char *to, unsigned long size, const char *format, ...);
int sscanf(const char *from, const char *format, ...);
int fprintf(struct __file *to, const char *format, ...); int fputs(const char *text, struct __file *to);
int fputc(int c, struct __file *to); int putc(int c, struct __file *to); int fgetc(struct __file *from);
int getc(struct __file *from); char *fgets(char *to, int size, struct __file *from); int fflush(struct __file *to);
int ungetc(int c, struct __file *from); int feof(struct __file *from); void perror(const char *text);
int fscanf(struct __file *from, const char *format, ...);
""",
    "stdlib.h": """
void *malloc(unsigned long size); void free(void *block); void *calloc(unsigned long count, unsigned long size);
void *realloc(void *block, unsigned long size); void exit(int code); void abort(void); int abs(int n);
long labs(long n);
long llabs(long n); int atoi(const char *text); long atol(const char *text); long atoll(const char *text);
double atof(const char *text); long strtol(const char *text, char **end, int base);
unsigned long strtoul(const char *text, char **end, int base); double strtod(const char *text, char **end);
long strtoll(const char *text, char **end, int base); int rand(void); void srand(unsigned int seed);
void qsort(void *base, unsigned long count, unsigned long size, int (*compare)(const void *, const void *));
void *bsearch(const void *key, const void *base, unsigned long count, unsigned long size,
              int (*compare)(const void *, const void *));
""",
    "string.h": """
unsigned long strlen(const char *text); char *strcpy(char *to, const char *from);
char *strncpy(char *to, const char *from, unsigned long count); char *strcat(char *to, const char *from);
char *strncat(char *to, const char *from, unsigned long count); int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, unsigned long count); char *strchr(const char *text, int c);
char *strrchr(const char *text, int c); char *strstr(const char *text, const char *part);
unsigned long strspn(const char *text, const char *set); unsigned long strcspn(const char *text, const char *set);
char *strpbrk(const char *text, const char *set); char *strtok(char *text, const char *separators);
char *strdup(const char *text); void *memcpy(void *to, const void *from, unsigned long count);
void *memmove(void *to, const void *from, unsigned long count); void *memset(void *to, int c, unsigned long count);
int memcmp(const void *a, const void *b, unsigned long count);
void *memchr(const void *from, int c, unsigned long count);
""",
    "ctype.h": " ".join(
        f"int {name}(int c);"
        for name in (
            *("isalnum", "isalpha", "isblank", "iscntrl", "isdigit", "isgraph", "islower"),
            *("isprint", "ispunct", "isspace", "isupper", "isxdigit", "tolower", "toupper"),
        )
    ),
    "math.h": """
double sqrt(double x); double fabs(double x); double floor(double x); double ceil(double x); double trunc(double x);
double round(double x); double fmod(double x, double y); double pow(double x, double y);
double fmax(double x, double y);
double fmin(double x, double y); double hypot(double x, double y); double copysign(double x, double y);
int __signbit(double x);
""",
    "assert.h": "void __assert_failed(const char *what, int line);",
    "stdarg.h": "char *__va_args(void);",
}
STREAMS = (
    "struct __file; extern struct __file *__stdin; extern struct __file *__stdout; extern struct __file *__stderr;"
)
"""What `stdio.h` declares besides functions."""
_NAME = re.compile(r"[ *]([a-z]\w*)\(")
REFUSED = {
    "gets": "it cannot know how much room there is; use fgets(buffer, sizeof buffer, stdin)",
    "fopen": "the Engine has no files; read with scanf or getchar and print with printf",
    "fclose": "the Engine has no files",
    "system": "the Engine runs one program only",
    "setjmp": "return a code to the caller instead",
    "longjmp": "return a code to the caller instead",
    "time": "the Engine has no clock; a program must do the same each time",
    "clock": "the Engine has no clock; count steps instead",
    "sin": "of math.h there are sqrt, fabs, floor, ceil, trunc, round, fmod, pow, fmax, fmin, hypot",
    "cos": "of math.h there are sqrt, fabs, floor, ceil, trunc, round, fmod, pow, fmax, fmin, hypot",
    "tan": "of math.h there are sqrt, fabs, floor, ceil, trunc, round, fmod, pow, fmax, fmin, hypot",
    "exp": "of math.h there are sqrt, fabs, floor, ceil, trunc, round, fmod, pow, fmax, fmin, hypot",
    "log": "of math.h there are sqrt, fabs, floor, ceil, trunc, round, fmod, pow, fmax, fmin, hypot",
}
"""Functions of the standard library that are missing here, and what to do instead."""


def names() -> list[str]:
    """List the functions that programs may call."""
    return _NAME.findall(" ".join(HEADERS.values()))


def header_of(name: str) -> str:
    """Name the header that declares a function, or nothing."""
    return next((header for header, text in HEADERS.items() if f" {name}(" in text or f"*{name}(" in text), "")
