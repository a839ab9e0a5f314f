"""Programs whose speed is measured: loops, variables in the Store, calls, indexed access, long numbers."""

LOOP = """
        LD A, #0
        LD B, #{rounds}
loop:   ADD A, A, B
        SUB B, B, #1
        CMP B, #0
        JGT loop
        HLT A
"""
VARIABLES = """
i:      .space 1
sum:    .space 1
top:    LD A, i
        CMP A, #{rounds}
        JGE done
        LD B, sum
        LD C, i
        ADD B, B, C
        ST B, sum
        LD C, i
        ADD C, C, #1
        CKS C, C, 32
        ST C, i
        JMP top
done:   HLT sum
"""
CALLS = """
        PUSH #{rounds}
        CALL fib
        ADS 1
        HLT A
fib:    ENT 1
        LD A, 3[F]
        CMP A, #2
        JLT base
        SUB A, A, #1
        PUSH A
        CALL fib
        ADS 1
        ST A, 0[F]
        LD A, 3[F]
        SUB A, A, #2
        PUSH A
        CALL fib
        ADS 1
        ADD A, A, 0[F]
base:   LVE 1
        RET
"""
SIEVE = """
        .const N = 1900
flag:   .space 1900
        LD D, #{rounds}
again:  LD B, #0
clear:  LD A, #1
        ST A, flag[B]
        ADD B, B, #1
        CMP B, #N
        JLT clear
        LD B, #2
outer:  LD A, flag[B]
        CMP A, #0
        JEQ next
        MUL C, B, B
inner:  CMP C, #N
        JGE next
        LD A, #0
        ST A, flag[C]
        ADD C, C, B
        JMP inner
next:   ADD B, B, #1
        CMP B, #44
        JLT outer
        DJN D, again
        LD B, #0
        LD A, #0
count:  ADD A, A, flag[B]
        ADD B, B, #1
        CMP B, #N
        JLT count
        HLT A
"""
LONG_NUMBERS = """
        LD C, #{rounds}
        LD A, #1
loop:   MUL B, A, #99999999999999999999999
        ADD B, B, #12345678901234567890
        REM A, B, #9999999999999999999999961
        DJN C, loop
        HLT A
"""
DECK = "N1 {rounds}\nN2 1\nN3 0\n(?\n+\nL3\nL1\nS3\n-\nL1\nL2\nS1\nL2\nL1\n)\n+\nL3\nL4\nP\n"
"""A sum by the Mill's own cards, for the Fourmilab emulator and for the Engine alike."""
