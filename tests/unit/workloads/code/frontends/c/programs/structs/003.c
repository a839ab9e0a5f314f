#include <stdio.h>
struct node { int v; struct node *next; }; int main(void) { struct node c = {3, 0}, b = {2, &c}, a = {1, &b}; int s = 0; for (struct node *n = &a; n; n = n->next) s = s * 10 + n->v; printf("%d %d\n", s, a.next->next->v); return 0; }
