#include <stdio.h>
#include <stdlib.h>
/* An interpreter of a small stack language, through a table of functions. */
typedef struct vm vm; typedef void (*action)(vm *);
struct vm { int stack[32], top; const int *code; int at; int running; };
static void push(vm *m, int v) { m->stack[m->top++] = v; } static int pop(vm *m) { return m->stack[--m->top]; }
static void op_push(vm *m) { push(m, m->code[m->at++]); } static void op_add(vm *m) { int b = pop(m); push(m, pop(m) + b); }
static void op_mul(vm *m) { int b = pop(m); push(m, pop(m) * b); } static void op_dup(vm *m) { int a = pop(m); push(m, a); push(m, a); }
static void op_swap(vm *m) { int b = pop(m), a = pop(m); push(m, b); push(m, a); } static void op_print(vm *m) { printf("%d ", pop(m)); }
static void op_jnz(vm *m) { int to = m->code[m->at++]; if (pop(m)) m->at = to; } static void op_halt(vm *m) { m->running = 0; }
static action const actions[] = { op_push, op_add, op_mul, op_dup, op_swap, op_print, op_jnz, op_halt };
enum { PUSH, ADD, MUL, DUP, SWAP, PRINT, JNZ, HALT };
int main(void) {
    static const int factorial[] = { PUSH, 1, PUSH, 6, DUP, PRINT, DUP, PUSH, -1, ADD, SWAP, PUSH, 1, MUL, PRINT, DUP, JNZ, 4, HALT };
    vm *m = calloc(1, sizeof *m); m->code = factorial; m->running = 1; int steps = 0;
    while (m->running && steps++ < 200) actions[m->code[m->at++]](m);
    printf("\n%d %d\n", steps, m->top); free(m); return 0;
}
