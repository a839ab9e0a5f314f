#include <stdio.h>
double average(int n, ...) { return n; } int main(void) { printf("%g\n", average(3)); double t[2][2] = {{1, 2}, {3, 4}}; double det = t[0][0] * t[1][1] - t[0][1] * t[1][0]; printf("%g\n", det); return (int)det + 2; }
