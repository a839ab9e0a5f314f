"""What students are told about names that nothing has: what they may have meant, and what other languages call it."""

import difflib
from collections.abc import Iterable

from core.workloads.code.frontends.idris.problems import At, Refusal, wrong

_ELSEWHERE = {
    "!=": "write /=",
    "::": "a type stands behind one colon in Idris",
    "return": "write pure",
    "fmap": "write map",
    "true": "write True",
    "false": "write False",
    "nil": "write Nil or []",
    "null": "use Maybe: Nothing and Just x",
    "mod'": "write mod",
    "Succ": "write S",
    "Zero": "write Z",
    "Suc": "write S",
    "Natural": "write Nat",
    "mempty": "write neutral",
    "mappend": "write <+>",
    "otherwise": "Idris has no guards: use if",
    "succ": "write S n, or n + 1",
    "refl": "write Refl",
    "Vec": "write Vect",
    "println": "write printLn, or putStrLn for a text",
    "undefined": "write a hole: ?name",
    "admit": "write a hole: ?name",
    "Double": "Double is not spoken here; compute with Integer",
    "Float": "Double is not spoken here; compute with Integer",
    "Set": "the type of types is Type",
    "eq": "write ==",
    "concatMap": "import Data.List, or use foldr",
}
_MODULES = {
    "Vect": "Data.Vect",
    "Fin": "Data.Fin",
    "FZ": "Data.Fin",
    "FS": "Data.Fin",
    "Elem": "Data.List.Elem",
    "plusCommutative": "Data.Nat",
    "plusAssociative": "Data.Nat",
    "plusZeroRightNeutral": "Data.Nat",
    "plusSuccRightSucc": "Data.Nat",
    "multCommutative": "Data.Nat",
    "LTE": "Data.Nat",
    "LTEZero": "Data.Nat",
    "LTESucc": "Data.Nat",
    "GT": "Data.Nat",
    "decEq": "Decidable.Equality",
    "DecEq": "Decidable.Equality",
    "sort": "Data.List",
    "words": "Data.String",
    "unwords": "Data.String",
    "lines": "Data.String",
    "parseInteger": "Data.String",
    "parsePositive": "Data.String",
    "isJust": "Data.Maybe",
    "fromMaybe": "Data.Maybe",
    "take": "Data.List",
    "drop": "Data.List",
}


def unknown_name(at: At, name: str, known: Iterable[str]) -> Refusal:
    """Say that nothing has a name, and what may be meant."""
    sort = "constructor or type" if name[:1].isupper() else "value" if name[:1].isalpha() else "operator"
    message = f"no {sort} is called {name} here"
    if name in _MODULES:
        return wrong(at, message, f"import {_MODULES[name]}")
    if name in _ELSEWHERE:
        return wrong(at, message, _ELSEWHERE[name])
    close = difflib.get_close_matches(name, [one for one in known if "~" not in one], 1, 0.7)
    return wrong(at, message, f"did you mean {close[0]}?" if close else "names need a definition above their use")


def close_to(name: str, known: Iterable[str]) -> str:
    """Ask whether a name that is alike was meant; empty where none is."""
    close = difflib.get_close_matches(name, list(known), 1, 0.6)
    return f"did you mean {close[0]}?" if close else ""
