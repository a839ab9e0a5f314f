#include <stdio.h>
#include <stdlib.h>
#include <string.h>
struct entry { char *key; int value; struct entry *next; }; static struct entry *table[8]; static unsigned h(const char *s) { unsigned x = 0; while (*s) x = x * 31 + *s++; return x % 8; } int *get(const char *k) { struct entry *e = table[h(k)]; for (; e; e = e->next) if (!strcmp(e->key, k)) return &e->value; e = malloc(sizeof *e); e->key = strdup(k); e->value = 0; e->next = table[h(k)]; table[h(k)] = e; return &e->value; } int main(void) { const char *w[] = {"a", "b", "a", "c", "b", "a"}; for (int i = 0; i < 6; i++) ++*get(w[i]); printf("%d %d %d %d\n", *get("a"), *get("b"), *get("c"), *get("d")); return 0; }
