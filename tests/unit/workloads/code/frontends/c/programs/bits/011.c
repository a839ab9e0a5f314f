#include <stdio.h>
#include <stdint.h>
#include <inttypes.h>
/* Unsigned arithmetic that wraps: hashes, a generator, bit tricks, a checksum. */
static uint32_t rotate(uint32_t x, int k) { return x << k | x >> (32 - k); }
static uint32_t state = 2463534242u; static uint32_t xorshift(void) { state ^= state << 13; state ^= state >> 17; state ^= state << 5; return state; }
static int popcount(uint64_t x) { int n = 0; for (; x; x &= x - 1) n++; return n; }
static uint16_t fletcher(const char *s) { uint16_t a = 0, b = 0; while (*s) { a = (a + (uint8_t)*s++) % 255; b = (b + a) % 255; } return b << 8 | a; }
static uint32_t crc(const char *s) { uint32_t c = ~0u; for (; *s; s++) { c ^= (uint8_t)*s; for (int i = 0; i < 8; i++) c = c >> 1 ^ (0xEDB88320u & -(c & 1)); } return ~c; }
int main(void) {
    for (int i = 0; i < 4; i++) printf("%" PRIu32 " ", xorshift()); puts("");
    printf("%08" PRIx32 " %d %d\n", rotate(0x80000001u, 4), popcount(UINT64_MAX), popcount(0xF0F0));
    printf("%04x %08x\n", fletcher("abcde"), crc("123456789"));
    uint64_t fib = 0, next = 1; for (int i = 0; i < 100; i++) { uint64_t t = fib + next; fib = next; next = t; } printf("%" PRIu64 "\n", fib);
    uint8_t b = 200; b += 100; b = -b; int8_t s = (int8_t)(b << 1); printf("%u %d %u\n", b, s, (uint8_t)~b >> 4);
    unsigned m = 1000003; unsigned h = 0; for (const char *p = "wrap"; *p; p++) h = h * m + *p; printf("%u\n", h);
    printf("%d %d\n", (int)(UINT32_MAX / 2 + 1 > INT32_MAX), (unsigned)-1 > 0); uint64_t big = (uint64_t)UINT32_MAX * UINT32_MAX; printf("%" PRIu64 " %" PRIx64 "\n", big, big >> 32);
    return 0;
}
