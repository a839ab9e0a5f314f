#include <stdio.h>
#include <stdlib.h>
int main(void) { char *end; long v = strtol("0x1F rest", &end, 16); printf("%ld [%s]\n", v, end); printf("%ld %ld %ld\n", strtol("077", 0, 0), strtol("zz", 0, 36), strtol("99999999999999999999", 0, 10)); printf("%lu\n", strtoul("4294967296", 0, 10)); double d = strtod("1.25e2kg", &end); printf("%g [%s]\n", d, end); return 0; }
