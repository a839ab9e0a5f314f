#include <stdio.h>
#define DEBUG 1
#if DEBUG && defined(DEBUG)
#define LOG(s) puts("log: " s)
#else
#define LOG(s)
#endif
#ifdef NOPE
int broken(
#elif DEBUG > 3
also broken
#else
int main(void) { LOG("on"); return 0; }
#endif
