#include <stdio.h>
#include <string.h>
int main(void) { char line[32]; int n = 0; while (fgets(line, sizeof line, stdin)) { line[strcspn(line, "\n")] = 0; printf("%d:%s|\n", ++n, line); } return 0; }
