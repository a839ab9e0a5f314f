#include <stdio.h>
#include <limits.h>
int main(void) { printf("%d %d %u\n", INT_MIN, INT_MAX, UINT_MAX); printf("%ld %ld %lu\n", LONG_MIN, LONG_MAX, ULONG_MAX); printf("%d %d %d %d\n", CHAR_MIN, CHAR_MAX, UCHAR_MAX, SHRT_MIN); return 0; }
