"""Whole names of what the Prelude has and the checker knows of, and what is said of all types."""

from core.workloads.code.frontends.idris.values import Types

TYPES = Types()
ZERO, SUCCESSOR, NAT = "Prelude/Z", "Prelude/S", "Prelude/Nat"
LAZY, ENDLESS = "Prelude/Lazy", "Prelude/Inf"
EQUAL, PAIR, MAKE_PAIR = "Prelude/Equal", "Prelude/Pair", "Prelude/MkPair"
DEPENDENT, MAKE_DEPENDENT = "Prelude/DPair", "Prelude/MkDPair"
UNIT, MAKE_UNIT, LIST, NIL, CONS = "Prelude/Unit", "Prelude/MkUnit", "Prelude/List", "Prelude/Nil", "Prelude/::"
FIN = "Data.Fin/Fin"
