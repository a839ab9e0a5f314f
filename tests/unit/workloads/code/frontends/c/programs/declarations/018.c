#include <stdio.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#define MAX(a, b) ((a) > (b) ? (a) : (b))
#define STR(x) #x
#define XSTR(x) STR(x)
#define CAT(a, b) a##b
#define LOG(fmt, ...) printf("[" fmt "]\n", __VA_ARGS__)
enum color { RED, GREEN = 5, BLUE };
union u { int i; unsigned char b[4]; };
typedef struct node { int v; struct node *next; } node;
static int sum(int n, ...) { va_list ap; va_start(ap, n); int s = 0; while (n--) s += va_arg(ap, int); va_end(ap); return s; }
static double avg(int n, ...) { va_list ap; va_start(ap, n); double s = 0; for (int i = 0; i < n; i++) s += va_arg(ap, double); va_end(ap); return s / n; }
static node *rev(node *h) { node *r = 0; while (h) { node *n = h->next; h->next = r; r = h; h = n; } return r; }
extern int later; int get(void) { return later; } int later = 12;
int main(void) {
    LOG("%d %s", MAX(3, 4), XSTR(MAX(1,2)));
    int CAT(va, lue) = 9; printf("%d %d %d\n", value, BLUE, sizeof(enum color) == 4);
    union u u = { 0x01020304 }; printf("%d %d\n", u.b[0], u.b[3]);
    node c = {3, 0}, b = {2, &c}, a = {1, &b}; for (node *p = rev(&a); p; p = p->next) printf("%d ", p->v);
    printf("%d %.2f %d\n", sum(4, 1, 2, 3, 4), avg(2, 1.0, 2.5), get());
    bool t = 42; int8_t i8 = (int8_t)200; uint16_t w = 70000 & 0xffff; printf("%d %d %d\n", t, i8, w);
    int arr[] = {[3] = 7, 8, [0] = 1}; printf("%zu %d %d\n", sizeof arr / sizeof *arr, arr[4], arr[1]);
    int *p = (int[]){1, 2, 3}; printf("%d\n", p[2]);
    for (int i = 0, j = 10; i < j; i += 3, j--) { if (i == 3) continue; printf("%d:%d ", i, j); } puts("");
    do { static int k; if (++k > 3) break; printf("%d", k); } while (1); puts("");
    int x = 10; { int x = 20; printf("%d ", x); } printf("%d\n", x);
    char s[] = "abc" "def"; printf("%zu %s\n", sizeof s, s);
    printf("%d %d %d\n", 1 < 2 < 3, 5 & 3 == 3, !0 + ~0);
    int n = 3; n <<= 2; n |= 1; n ^= 7; n %= 6; printf("%d\n", n);
    const int k[2][2] = {1, 2, 3, 4}; printf("%d\n", k[1][0]);
    printf("%c%c\n", "0123456789ABCDEF"[11], *("xyz" + 1));
    printf("%d\n", (char)0x80 < 0);
    return later - 12;
}
