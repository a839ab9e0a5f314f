#include <stdio.h>
#define STR(x) #x
#define XSTR(x) STR(x)
#define VERSION 42
#define GLUE(a, b) a##b
int main(void) { int GLUE(my, var) = 7; printf("%s %s %d\n", STR(VERSION), XSTR(VERSION), myvar); printf("%s\n", STR(a + "b\n")); return GLUE(1, 2); }
