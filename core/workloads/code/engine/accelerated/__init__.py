"""The fast path: cards that are executed often are rewritten as Python functions and compiled.

`regions.py` chooses the cards, `paths.py` and the phrases write them, `compilation.py` makes a function of what is
written, `driver.py` runs a program with them. Whatever is out of the ordinary, traps most of all, is left to the
interpreter at exactly the card where it happens, so that both know only one set of rules.
"""
