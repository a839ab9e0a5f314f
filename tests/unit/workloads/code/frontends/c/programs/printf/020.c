#include <stdio.h>
#include <limits.h>
#include <float.h>
int main(void) {
    printf("[%5d][%-5d][%05d][%+d][% d][%.3d][%5.3d]\n", 42, 42, 42, 42, 42, 7, 7);
    printf("[%10s][%-10s][%.2s][%10.3s][%c][%3c]\n", "abc", "abc", "abc", "abcdef", 'x', 'y');
    printf("[%f][%.0f][%.2f][%10.3f][%-10.1f|][%+.1f][%e][%.3e][%g][%g][%g][%G]\n", 3.14159, 2.5, 2.675, 1e3, 0.05, 1.25, 12345.678, 0.00012, 1e-5, 1e10, 123456789.0, 1e-10);
    printf("[%*d][%-*d][%.*f]\n", 6, 1, 6, 2, 3, 1.0);
    printf("%ld %lld %lu %hhd %hd %zu\n", LONG_MAX, LLONG_MIN, ULONG_MAX, (signed char)200, (short)70000, sizeof(long));
    printf("%d%% %x %X %#X %o\n", 50, 48879, 48879, 48879, 511);
    printf("%i %u %c%c\n", -1, -1, 72, 105);
    int n = printf("abc\n"); printf("%d\n", n);
    char b[32]; int k = snprintf(b, 6, "%d-%s", 1234, "xyz"); printf("%s %d\n", b, k);
    sprintf(b, "%03d|%6.2f|%s", 7, 3.14159, "end"); puts(b);
    printf("%g %g %g %g\n", 0.1 + 0.2, 1.0 / 3, 100000.0, 1000000.0);
    printf("%.17g %.15g %.10e\n", 0.1, 0.1, DBL_MAX);
    printf("%f %f\n", 1.0 / 0.0, -1.0 / 0.0);
    printf("%5.1f|%-8.3f|%08.2f\n", -3.14159, 2.71828, -1.5);
    printf("%p\n", (void *)0);
    printf("%s %.3s\n", "a\tb\\", "\x41\102" "C");
    return 0;
}
