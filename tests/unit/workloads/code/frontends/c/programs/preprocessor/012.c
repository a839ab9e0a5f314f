#include <stdio.h>
#define LIST X(red) X(green) X(blue)
#define X(n) n,
enum color { LIST count };
#undef X
#define X(n) #n,
static const char *names[] = { LIST };
int main(void) { for (int i = red; i < count; i++) printf("%d %s\n", i, names[i]); return 0; }
