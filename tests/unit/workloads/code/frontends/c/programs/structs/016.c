#include <stdio.h>
struct list { struct list *next; int v; }; int main(void) { struct list n[5], *head = 0, *prev = 0; for (int i = 0; i < 5; i++) { n[i].v = i; n[i].next = head; head = &n[i]; } while (head) { struct list *next = head->next; head->next = prev; prev = head; head = next; } for (; prev; prev = prev->next) printf("%d ", prev->v); puts(""); return 0; }
