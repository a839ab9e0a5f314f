#include <stdio.h>
#include <string.h>
#include <ctype.h>
#include <stdlib.h>
/* A calculator by recursive descent, fed from standard input. */
static const char *at; static double expression(void);
static void skip(void) { while (isspace((unsigned char)*at)) at++; }
static double atom(void) { skip(); if (*at == '(') { at++; double v = expression(); skip(); if (*at == ')') at++; return v; } if (*at == '-') { at++; return -atom(); } char *end; double v = strtod(at, &end); at = end; return v; }
static double product(void) { double v = atom(); for (;;) { skip(); if (*at == '*') { at++; v *= atom(); } else if (*at == '/') { at++; v /= atom(); } else return v; } }
static double expression(void) { double v = product(); for (;;) { skip(); if (*at == '+') { at++; v += product(); } else if (*at == '-') { at++; v -= product(); } else return v; } }
int main(void) { char line[80]; int n = 0; while (fgets(line, sizeof line, stdin)) { line[strcspn(line, "\n")] = 0; if (!*line) continue; at = line; printf("%d: %s = %g\n", ++n, line, expression()); if (*at) printf("   left over: '%s'\n", at); } return n; }
