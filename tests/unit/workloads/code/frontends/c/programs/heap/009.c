#include <stdio.h>
#include <stdlib.h>
struct queue { struct cell { double v; struct cell *next; } *head, **tail; }; void put(struct queue *q, double v) { struct cell *c = malloc(sizeof *c); c->v = v; c->next = 0; *q->tail = c; q->tail = &c->next; } int main(void) { struct queue q; q.head = 0; q.tail = &q.head; for (int i = 0; i < 5; i++) put(&q, i / 2.0); for (struct cell *c = q.head; c; c = c->next) printf("%.1f ", c->v); puts(""); return 0; }
