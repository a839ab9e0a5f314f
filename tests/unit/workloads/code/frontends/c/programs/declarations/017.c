#include <stdio.h>
int i; int i; extern int j; int j = 4; int arr[]; int arr[3]; static int k; static int k = 6; int main(void) { printf("%d %d %d %lu\n", i, j, k, sizeof arr); return 0; }
