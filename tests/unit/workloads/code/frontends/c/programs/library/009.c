#include <stdio.h>
#include <stdarg.h>
int sum(int n, ...) { va_list ap; va_start(ap, n); int s = 0; while (n--) s += va_arg(ap, int); va_end(ap); return s; } double mean(int n, ...) { va_list ap; va_start(ap, n); double s = 0; for (int i = 0; i < n; i++) s += va_arg(ap, double); va_end(ap); return s / n; } int main(void) { printf("%d %g\n", sum(4, 1, 2, 3, 4), mean(2, 1.5, 2.5)); return 0; }
