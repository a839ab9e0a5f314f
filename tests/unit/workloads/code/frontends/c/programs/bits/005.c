#include <stdio.h>
unsigned rotl(unsigned x, int n) { return x << n | x >> (32 - n); } int main(void) { unsigned h = 0x9E3779B9; for (int i = 1; i < 8; i++) h = rotl(h ^ i * 0x85EBCA6B, i * 3); printf("%08x\n", h); return 0; }
