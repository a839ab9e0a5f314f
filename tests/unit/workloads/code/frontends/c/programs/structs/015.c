#include <stdio.h>
struct op { const char *name; int (*run)(int, int); }; static int add(int a, int b) { return a + b; } static int sub(int a, int b) { return a - b; } static const struct op ops[] = {{"add", add}, {"sub", sub}}; int main(void) { for (unsigned i = 0; i < sizeof ops / sizeof *ops; i++) printf("%s %d\n", ops[i].name, ops[i].run(9, 4)); return 0; }
