#include <stdio.h>
typedef unsigned int word; typedef word *wordp; typedef int grid[2][3]; int main(void) { word w = 3; wordp p = &w; grid g = {{1, 2, 3}, {4, 5, 6}}; *p += 4; printf("%u %d %lu\n", w, g[1][2], sizeof(grid)); return 0; }
