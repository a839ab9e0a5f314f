#include <stdio.h>
#include <stdint.h>
int main(void) { uint8_t a = 255; int8_t b = (int8_t)a; uint16_t c = 65535; uint32_t d = 4294967295u; uint64_t e = 18446744073709551615u; a++; c++; d++; e++; printf("%d %d %d %u %lu\n", a, b, c, d, e); int64_t big = INT64_MAX; printf("%ld\n", big); return 0; }
