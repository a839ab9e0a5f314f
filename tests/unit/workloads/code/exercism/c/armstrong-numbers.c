#include <stdio.h>
#include <string.h>

#define MOST 60

/* Numbers of any length, the last digit first. */
static int digits[MOST], sum[MOST], power[MOST];

static void multiply(int number[], int by) {
    int carry = 0;
    for (int i = 0; i < MOST; i++) {
        carry += number[i] * by;
        number[i] = carry % 10;
        carry /= 10;
    }
}

static void add(int to[], const int number[]) {
    int carry = 0;
    for (int i = 0; i < MOST; i++) {
        carry += to[i] + number[i];
        to[i] = carry % 10;
        carry /= 10;
    }
}

int main(void) {
    char property[40], text[MOST];
    scanf("%39s %59s", property, text);
    int count = (int)strlen(text);
    for (int i = 0; i < count; i++)
        digits[i] = text[count - 1 - i] - '0';
    for (int i = 0; i < count; i++) {
        memset(power, 0, sizeof power);
        power[0] = 1;
        for (int n = 0; n < count; n++)
            multiply(power, digits[i]);
        add(sum, power);
    }
    puts(memcmp(sum, digits, sizeof sum) == 0 ? "true" : "false");
    return 0;
}
