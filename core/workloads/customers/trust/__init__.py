"""Trust: how healthy signals are, and what may be done by itself on the strength of them."""
