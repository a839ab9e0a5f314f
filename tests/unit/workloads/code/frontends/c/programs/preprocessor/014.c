#include <stdio.h>
#include <assert.h>
#define SQ(x) x*x
int main(void) { assert(1 + 1 == 2); printf("%d %d\n", SQ(2 + 3), SQ(5)); assert(SQ(3) == 9 && "fine"); return 0; }
