#include <stdio.h>
struct s { int v; }; int main(void) { struct s s = {1}; { struct s { char c; } t = {'a'}; printf("%lu %lu\n", sizeof s, sizeof t); } typedef int s_t; s_t z = s.v; int s_t_not = z; printf("%d\n", s_t_not); return 0; }
