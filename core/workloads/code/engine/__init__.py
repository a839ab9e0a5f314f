"""The Engine: an Analytical-Engine-like machine, its cards and its emulation.

`table.py` lists every operation; `operations/` says what each does. Whoever compiles lays cards with `linking.Chain`
and gets a `cards.Program`; `machine.start` hangs it in, `interpretation.Interpreter` executes it card by card.

Calling convention: arguments are pushed from the last to the first, CALL pushes the return card, the callee begins
with `ENT n` and ends with `LVE n`, RET. Within it the n locals are V[F] to V[F+n-1], the caller's frame index is
V[F+n], the return card V[F+n+1], the first argument V[F+n+2]. The result is in A, a second word in D. A to D and the
compare state are the caller's to save; S and F come back as they were, and the caller drops its arguments (`ADS`).
V0 to V15 are the run-time library's, data follow from V16 on, the heap grows upwards from there (FLR keeps the stack
away from it), the stack downwards from V1999.
"""
