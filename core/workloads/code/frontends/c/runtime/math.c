/* math.h, as far as it is exact. From 2^52 on every double is whole. */
#include <math.h>
#define WHOLE 4503599627370496.0

double trunc(double x) {
    if (!(fabs(x) < WHOLE))
        return x;
    return copysign((double)(long)x, x);
}

double floor(double x) {
    double whole = trunc(x);
    return whole > x ? whole - 1 : whole;
}

double ceil(double x) {
    double whole = trunc(x);
    return whole < x ? copysign(whole + 1, x) : whole;
}

double round(double x) {
    double whole = trunc(x);
    if (fabs(x - whole) >= 0.5)
        whole += x < 0 ? -1.0 : 1.0;
    return copysign(whole, x);
}

int __signbit(double x) { return __image(x) >> 63 != 0; }

double copysign(double x, double y) {
    return __float((__image(x) & 0x7FFFFFFFFFFFFFFFUL) | (__image(y) & 0x8000000000000000UL));
}

double fmax(double x, double y) { return x != x ? y : y != y ? x : x > y ? x : y; }
double fmin(double x, double y) { return x != x ? y : y != y ? x : x < y ? x : y; }
double hypot(double x, double y) { return sqrt(x * x + y * y); }
