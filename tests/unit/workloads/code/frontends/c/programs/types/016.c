#include <stdio.h>
int main(void) { int c = 'ab'; printf("%d %d %d %d\n", c, '\n', '\x41', '\101'); printf("%d %d\n", '\'', '"'); return 0; }
