#include <stdio.h>
#include <inttypes.h>
#include <stddef.h>
struct s { char a; long b; }; int main(void) { int64_t v = -5; uint32_t u = 7; printf("%" PRId64 " %" PRIu32 "\n", v, u); printf("%lu %lu\n", offsetof(struct s, b), sizeof(ptrdiff_t)); size_t n = 3; printf("%zu\n", n); return 0; }
