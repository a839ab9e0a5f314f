#include <stdio.h>
int main(void) { printf("%d|%5d|%-5d|%05d|%+d|% d|\n", 42, 42, 42, 42, 42, 42); printf("%d|%5d|%-5d|%05d|%+d\n", -42, -42, -42, -42, -42); return 0; }
