#include <stdio.h>
int main(void) { printf("%c|%3c|%-3c|%s|%10s|%-10s|%.3s|%10.2s|\n", 'a', 'b', 'c', "text", "right", "left", "truncate", "xyz"); return 0; }
