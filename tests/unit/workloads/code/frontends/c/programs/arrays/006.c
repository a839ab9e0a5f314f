#include <stdio.h>
int find(const int *a, int n, int x) { int lo = 0, hi = n - 1; while (lo <= hi) { int mid = (lo + hi) / 2; if (a[mid] == x) return mid; if (a[mid] < x) lo = mid + 1; else hi = mid - 1; } return -1; } int main(void) { int a[] = {1, 4, 7, 11, 15, 22}; printf("%d %d %d\n", find(a, 6, 11), find(a, 6, 1), find(a, 6, 8)); return 0; }
