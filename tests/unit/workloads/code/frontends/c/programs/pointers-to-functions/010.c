#include <stdio.h>
typedef int (*op)(int, int);
static int add(int a, int b) { return a + b; }
static int sub(int a, int b) { return a - b; }
static int mul(int a, int b) { return a * b; }
static op pick(char c) { switch (c) { case '+': return add; case '-': return sub; default: return mul; } }
static int apply(op f, int n, ...) { return f(n, n + 1); }
static op table[] = { add, sub, mul };
static int (*(*getter(void))[3])(int, int) { static op t[3]; t[0] = mul; t[1] = add; t[2] = sub; return &t; }
struct handler { const char *name; op run; };
int main(void) {
    int total = 0;
    for (unsigned i = 0; i < sizeof table / sizeof *table; i++) total += (*table[i])(7, 3);
    printf("%d %d %d\n", total, pick('-')(9, 4), apply(pick('*'), 6));
    printf("%d\n", (*getter())[2](10, 3));
    struct handler h[] = { {"plus", add}, {"minus", sub}, {0} };
    for (struct handler *p = h; p->name; p++) printf("%s=%d ", p->name, p->run(5, 2));
    printf("\n%d\n", table[0] == add && table[1] != add);
    return 0;
}
