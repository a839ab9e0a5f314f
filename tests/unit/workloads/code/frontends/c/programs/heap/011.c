#include <stdio.h>
#include <string.h>
#include <stdlib.h>
/* A growing string, a hash table of chains, and a sorted output. */
struct entry { char *word; int count; struct entry *next; };
static struct entry *buckets[13];
static unsigned hash(const char *s) { unsigned h = 2166136261u; while (*s) h = (h ^ (unsigned char)*s++) * 16777619u; return h; }
static void count(const char *word) {
    struct entry **slot = &buckets[hash(word) % 13];
    for (; *slot; slot = &(*slot)->next)
        if (!strcmp((*slot)->word, word)) { (*slot)->count++; return; }
    struct entry *fresh = malloc(sizeof *fresh);
    *fresh = (struct entry){ .word = strcpy(malloc(strlen(word) + 1), word), .count = 1 };
    *slot = fresh;
}
static int by_count(const void *a, const void *b) {
    const struct entry *x = *(struct entry *const *)a, *y = *(struct entry *const *)b;
    return x->count != y->count ? y->count - x->count : strcmp(x->word, y->word);
}
int main(void) {
    char text[] = "it was the best of times it was the worst of times it was the age of wisdom";
    for (char *w = strtok(text, " "); w; w = strtok(NULL, " ")) count(w);
    struct entry *all[20]; int n = 0;
    for (int i = 0; i < 13; i++) for (struct entry *e = buckets[i]; e; e = e->next) all[n++] = e;
    qsort(all, n, sizeof *all, by_count);
    for (int i = 0; i < n; i++) printf("%-7s%3d\n", all[i]->word, all[i]->count);
    for (int i = 0; i < 13; i++) while (buckets[i]) { struct entry *e = buckets[i]; buckets[i] = e->next; free(e->word); free(e); }
    return n;
}
