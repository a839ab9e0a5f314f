/* Note G: the table of 1842 for the numbers of Bernoulli, as far as B7, in fractions.

   Columns are Lovelace's: V1 to V3 data, V4 to V13 working, V21 to V24 results. Two slips of the printed table are
   corrected: operation 4 divides V4 by V5, and operation 24 takes V13 with its sign changed. */
#include <stdio.h>
#include <stdlib.h>

struct fraction {
    long above, below;
};

static struct fraction V[25];

static struct fraction reduced(long above, long below) {
    long a = labs(above), b = labs(below);
    while (b) {
        long rest = a % b;
        a = b;
        b = rest;
    }
    if (below < 0)
        a = -a;
    return (struct fraction){above / a, below / a};
}

static struct fraction add(struct fraction x, struct fraction y) {
    return reduced(x.above * y.below + y.above * x.below, x.below * y.below);
}

static struct fraction subtract(struct fraction x, struct fraction y) {
    return add(x, (struct fraction){-y.above, y.below});
}

static struct fraction multiply(struct fraction x, struct fraction y) {
    return reduced(x.above * y.above, x.below * y.below);
}

static struct fraction divide(struct fraction x, struct fraction y) {
    return reduced(x.above * y.below, x.below * y.above);
}

/* Operations 10 to 12, or 21 to 23: a number of Bernoulli times its factor onto V13. */
static void accumulate(int number) {
    V[12] = multiply(V[number], V[11]);
    V[13] = add(V[12], V[13]);
    V[10] = subtract(V[10], V[1]);
}

/* Operations 13 to 16, or 17 to 20: the next factor of A. */
static void next_factor(void) {
    V[6] = subtract(V[6], V[1]);
    V[7] = add(V[1], V[7]);
    V[8] = divide(V[6], V[7]);
    V[11] = multiply(V[8], V[11]);
}

int main(void) {
    for (int i = 0; i < 25; i++)
        V[i] = (struct fraction){0, 1};
    V[1] = (struct fraction){1, 1};
    V[2] = (struct fraction){2, 1};
    V[3] = (struct fraction){4, 1};
    V[21] = (struct fraction){1, 6};
    V[22] = (struct fraction){-1, 30};
    V[23] = (struct fraction){1, 42};

    V[4] = V[5] = V[6] = multiply(V[2], V[3]); /* 1 */
    V[4] = subtract(V[4], V[1]);               /* 2 */
    V[5] = add(V[5], V[1]);                    /* 3 */
    V[11] = divide(V[4], V[5]);                /* 4 */
    V[11] = divide(V[11], V[2]);               /* 5 */
    V[13] = subtract(V[13], V[11]);            /* 6 */
    V[10] = subtract(V[3], V[1]);              /* 7 */
    V[7] = add(V[2], V[7]);                    /* 8 */
    V[11] = divide(V[6], V[7]);                /* 9 */
    accumulate(21);                            /* 10 to 12 */
    for (int number = 22; V[10].above > 0; number++) {
        next_factor();      /* 13 to 16 */
        next_factor();      /* 17 to 20 */
        accumulate(number); /* 21 to 23 */
    }
    V[24] = subtract(V[24], V[13]); /* 24 */
    V[3] = add(V[1], V[3]);         /* 25 */
    printf("B7 = %ld/%ld\n", V[24].above, V[24].below);
    return 0;
}
