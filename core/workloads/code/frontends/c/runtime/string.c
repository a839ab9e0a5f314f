/* string.h. */
#include <string.h>
#include <stdlib.h>

unsigned long strlen(const char *text) {
    const char *end = text;
    while (*end)
        end++;
    return end - text;
}

char *strcpy(char *to, const char *from) {
    char *at = to;
    while ((*at++ = *from++))
        ;
    return to;
}

char *strncpy(char *to, const char *from, unsigned long count) {
    unsigned long i = 0;
    for (; i < count && from[i]; i++)
        to[i] = from[i];
    for (; i < count; i++)
        to[i] = 0;
    return to;
}

char *strcat(char *to, const char *from) {
    strcpy(to + strlen(to), from);
    return to;
}

char *strncat(char *to, const char *from, unsigned long count) {
    char *at = to + strlen(to);
    while (count-- && *from)
        *at++ = *from++;
    *at = 0;
    return to;
}

int strcmp(const char *a, const char *b) {
    while (*a && *a == *b)
        a++, b++;
    return (unsigned char)*a - (unsigned char)*b;
}

int strncmp(const char *a, const char *b, unsigned long count) {
    for (; count; count--, a++, b++)
        if (*a != *b || !*a)
            return (unsigned char)*a - (unsigned char)*b;
    return 0;
}

char *strchr(const char *text, int c) {
    for (;; text++) {
        if (*text == (char)c)
            return (char *)text;
        if (!*text)
            return NULL;
    }
}

char *strrchr(const char *text, int c) {
    const char *found = NULL;
    for (;; text++) {
        if (*text == (char)c)
            found = text;
        if (!*text)
            return (char *)found;
    }
}

char *strstr(const char *text, const char *part) {
    unsigned long length = strlen(part);
    for (;; text++) {
        if (strncmp(text, part, length) == 0)
            return (char *)text;
        if (!*text)
            return NULL;
    }
}

unsigned long strspn(const char *text, const char *set) {
    unsigned long count = 0;
    while (text[count] && strchr(set, text[count]))
        count++;
    return count;
}

unsigned long strcspn(const char *text, const char *set) {
    unsigned long count = 0;
    while (text[count] && !strchr(set, text[count]))
        count++;
    return count;
}

char *strpbrk(const char *text, const char *set) {
    text += strcspn(text, set);
    return *text ? (char *)text : NULL;
}

static char *__rest;

char *strtok(char *text, const char *separators) {
    char *token;
    if (text)
        __rest = text;
    if (!__rest)
        return NULL;
    token = __rest + strspn(__rest, separators);
    if (!*token) {
        __rest = NULL;
        return NULL;
    }
    __rest = token + strcspn(token, separators);
    if (*__rest)
        *__rest++ = 0;
    else
        __rest = NULL;
    return token;
}

char *strdup(const char *text) {
    return strcpy(malloc(strlen(text) + 1), text);
}

/* Eight bytes at a time where both sides lie so. */
void *memcpy(void *to, const void *from, unsigned long count) {
    char *a = to;
    const char *b = from;
    if (((unsigned long)a | (unsigned long)b) % 8 == 0)
        for (; count >= 8; count -= 8, a += 8, b += 8)
            *(unsigned long *)a = *(const unsigned long *)b;
    while (count--)
        *a++ = *b++;
    return to;
}

void *memmove(void *to, const void *from, unsigned long count) {
    char *a = to;
    const char *b = from;
    if (a <= b || a >= b + count)
        return memcpy(to, from, count);
    while (count--)
        a[count] = b[count];
    return to;
}

void *memset(void *to, int c, unsigned long count) {
    char *a = to;
    unsigned long byte = (unsigned char)c, all = byte * 0x0101010101010101UL;
    if ((unsigned long)a % 8 == 0)
        for (; count >= 8; count -= 8, a += 8)
            *(unsigned long *)a = all;
    while (count--)
        *a++ = c;
    return to;
}

int memcmp(const void *a, const void *b, unsigned long count) {
    const unsigned char *one = a, *other = b;
    for (; count; count--, one++, other++)
        if (*one != *other)
            return *one - *other;
    return 0;
}

void *memchr(const void *from, int c, unsigned long count) {
    const unsigned char *at = from;
    for (; count; count--, at++)
        if (*at == (unsigned char)c)
            return (void *)at;
    return NULL;
}
