#include <stdio.h>
int main(void) { long v = 5000000000L; switch (v) { case 5000000000L: puts("big"); break; case 705032704: puts("small"); } switch (v * 2) { case 1: break; } unsigned u = 4294967295u; switch (u) { case -1: puts("minus one"); break; default: puts("none"); } return 0; }
