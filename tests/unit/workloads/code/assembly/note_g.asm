; Note G: the table of 1842 for the numbers of Bernoulli, as far as B7, on scaled decimals.
;
; Columns are Lovelace's: V1 to V3 data, V4 to V13 working, V21 to V24 results. Two slips of the printed table are
; corrected: operation 4 divides V4 by V5 (printed the other way round), and operation 24 takes V13 with its sign changed.
; Fractions are kept to 40 decimal places, by stepping dividends up and products down.

        .const PLACES = 40

        LD A, #1
        ST A, V1                ; one
        LD A, #2
        ST A, V2                ; two
        LD A, #4
        ST A, V3                ; n
        LD A, #1                ; B1 = 1/6
        SUP A, A, #PLACES
        DIV B, A, #6
        ST B, V21
        DIV B, A, #-30          ; B3 = -1/30
        ST B, V22
        DIV B, A, #42           ; B5 = 1/42
        ST B, V23

        LD A, V2                ; operation 1: V2 x V3 = 2n into V4, V5, V6
        MUL A, A, V3
        ST A, V4
        ST A, V5
        ST A, V6
        LD A, V4                ; 2: V4 - V1 = 2n - 1
        SUB A, A, V1
        ST A, V4
        LD A, V5                ; 3: V5 + V1 = 2n + 1
        ADD A, A, V1
        ST A, V5
        LD A, V4                ; 4: V4 / V5
        SUP A, A, #PLACES
        DIV A, A, V5
        ST A, V11
        LD A, V11               ; 5: V11 / V2
        DIV A, A, V2
        ST A, V11
        LD A, V13               ; 6: V13 - V11 = A0
        SUB A, A, V11
        ST A, V13
        LD A, V3                ; 7: V3 - V1 = n - 1
        SUB A, A, V1
        ST A, V10
        LD A, V2                ; 8: V2 + V7 = 2
        ADD A, A, V7
        ST A, V7
        LD A, V6                ; 9: V6 / V7 = 2n / 2 = A1
        SUP A, A, #PLACES
        DIV A, A, V7
        ST A, V11
        LD D, #21
        CALL accumulate         ; 10 to 12: B1 x A1 onto V13, V10 - V1
        LD D, #22
again:  CALL factor             ; 13 to 16: (2n - 1) / 3
        CALL factor             ; 17 to 20: (2n - 2) / 4
        CALL accumulate         ; 21 to 23: B3 x A3, then B5 x A5
        ADD D, D, #1
        LD A, V10
        CMP A, #0
        JGT again
        LD A, V24               ; 24: V24 - V13 = B7
        SUB A, A, V13
        ST A, V24
        PRN V24
        LD A, V3                ; 25: V3 + V1: ready for the next
        ADD A, A, V1
        ST A, V3
        CLR V6
        CLR V7
        HLT #0

factor: LD A, V6                ; V6 - V1
        SUB A, A, V1
        ST A, V6
        LD A, V7                ; V7 + V1
        ADD A, A, V1
        ST A, V7
        LD A, V6                ; V6 / V7
        SUP A, A, #PLACES
        DIV A, A, V7
        LD B, A                 ; times V11, stepped down
        CALL scaled
        ST A, V11
        RET

accumulate:
        LD B, [D]               ; the number of Bernoulli that is next
        CALL scaled
        ST A, V12
        ADD A, A, V13
        ST A, V13
        LD A, V10
        SUB A, A, V1
        ST A, V10
        RET

scaled: LD C, #1                ; A = B x V11 / 10^PLACES, through the long product
        SUP C, C, #PLACES
        MUW A, B, V11
        DVW A, A, C
        RET
