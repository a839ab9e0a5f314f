/* malloc and free: blocks one after another from the heap's start on, each behind a word that holds its length in
   words, more by IN_USE while it is given out. Word 2 of the store holds where the last block ends. */
#include <stdlib.h>
#include <string.h>
#define END 2
#define IN_USE 1000000

static __word __heap_end(void) {
    __word end = __peek(END);
    if (end == 0) {
        end = __heap_start();
        __poke(END, end);
    }
    return end;
}

/* Finds a free block of at least so many words, joining free neighbours on its way; 0 if there is none. */
static __word __fitting(__word words, __word end) {
    __word at = __heap_start();
    while (at < end) {
        __word size = __peek(at);
        if (size > IN_USE) {
            at += size - IN_USE;
            continue;
        }
        while (at + size < end && __peek(at + size) < IN_USE) {
            size += __peek(at + size);
            __poke(at, size);
        }
        if (size >= words)
            return at;
        at += size;
    }
    return 0;
}

void *malloc(unsigned long size) {
    __word words = (size + 15) / 8, end = __heap_end(), at, found;
    if (words < 2)
        words = 2;
    at = __fitting(words, end);
    if (at == 0) {
        at = end;
        if (words > 4000)
            words = 4000;
        __set_floor(end + words);
        __poke(END, end + words);
    } else {
        found = __peek(at);
        if (found > words + 1)
            __poke(at + words, found - words);
        else
            words = found;
    }
    __poke(at, words + IN_USE);
    return (void *)(unsigned long)((at + 1) * 8);
}

/* The words of a block that is in use; stops the program if it is none. */
static __word __block_words(void *block) {
    __word address = (unsigned long)block, start = __heap_start();
    if (address % 8 != 0 || address / 8 <= start || address / 8 > __heap_end() || __peek(address / 8 - 1) <= IN_USE
        || __peek(address / 8 - 1) > IN_USE + 4000)
        __trap_free();
    return __peek(address / 8 - 1) - IN_USE;
}

void free(void *block) {
    if (block)
        __poke((__word)(unsigned long)block / 8 - 1, __block_words(block));
}

void *calloc(unsigned long count, unsigned long size) {
    unsigned long bytes = count * size;
    return memset(malloc(bytes), 0, bytes);
}

void *realloc(void *block, unsigned long size) {
    void *moved;
    unsigned long held;
    if (!block)
        return malloc(size);
    held = (__block_words(block) - 1) * 8;
    if (size <= held)
        return block;
    moved = malloc(size);
    memcpy(moved, block, held);
    free(block);
    return moved;
}
