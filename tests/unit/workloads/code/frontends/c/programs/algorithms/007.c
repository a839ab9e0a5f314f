#include <stdio.h>
int knap(const int *w, const int *v, int n, int cap) { int best[31] = {0}; for (int i = 0; i < n; i++) for (int c = cap; c >= w[i]; c--) if (best[c - w[i]] + v[i] > best[c]) best[c] = best[c - w[i]] + v[i]; return best[cap]; } int main(void) { int w[] = {5, 4, 6, 3, 9}, v[] = {10, 40, 30, 50, 70}; printf("%d %d\n", knap(w, v, 5, 10), knap(w, v, 5, 30)); return 0; }
