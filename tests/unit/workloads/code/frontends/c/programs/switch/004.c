#include <stdio.h>
int main(void) { char op = '*'; int a = 6, b = 7, r; switch (op) { case '+': r = a + b; break; case '-': r = a - b; break; case '*': r = a * b; break; default: r = 0; } printf("%d\n", r); return r; }
