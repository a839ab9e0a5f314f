"""Built-in functions and methods: which routine of the run-time library does each, and what it takes.

Parameters are written `name:letter=default`; the letter says what is passed: `v` any value, `t` a text, `i` an integer,
`n` a text or None, `o` an iterator of the value, `b` whether the value is true. A routine's result is a value, or a
truth (0 or 1) where the routine's name ends in `?`. Words in the routine's place for arguments are passed as they are.
"""

from dataclasses import dataclass
from functools import lru_cache

from core.workloads.code.frontends.words.values import FALSE, NONE, STRING, UNBOUND, inline_string

_WORDS = {
    "None": NONE,
    "-": UNBOUND,
    "0": 0,
    "1": 1,
    "-1": -1,
    "''": STRING,
    "' '": inline_string(" "),
    "False": FALSE,
}


@dataclass(frozen=True, slots=True)
class Parameter:
    """What a routine takes: a value of some sort, or nothing where it may be left out."""

    name: str
    sort: str
    default: int | None


@dataclass(frozen=True, slots=True)
class Routine:
    """A routine, its parameters by position, further words that are always the same, and the kinds it is for."""

    name: str
    params: tuple[Parameter, ...]
    further: tuple[int, ...] = ()
    gives_truth: bool = False
    kinds: tuple[int, ...] = ()

    @property
    def least(self) -> int:
        """Arguments it must get."""
        return sum(one.default is None for one in self.params)


_LIST, _TUPLE, _DICT, _SET, _FROZEN, _INT, _FLOAT, _GENERATOR = (3,), (5,), (6,), (7,), (17,), (0, 1, 33), (32,), (14,)
_TEXT = (35, 2)
_SETS = (7, 17)
KINDS = {"list": _LIST, "tuple": _TUPLE, "dict": _DICT, "set": _SET, "frozenset": _FROZEN, "int": _INT, "float": _FLOAT}
KINDS |= {"str": _TEXT}
"""Of each built-in type that has methods, what the library's `kind` may say of its objects."""
BUILT_IN = """
abs(x:v) magnitude
bool(x:v=False) truth?
chr(i:v) character
divmod(a:v, b:v) divmod
float(x:v=0) to_float
frozenset(x:v='') frozen_from
hash(x:v) hash_of
input(prompt:v=-) read_line
isinstance(x:v, class:v) is_instance?
iter(x:v) iterator
len(x:v) length
next(iterator:v, default:v=-) next_or
ord(c:v) ordinal
repr(x:v) repr_of
reversed(x:v) reversed_of
round(number:v, ndigits:v=None) rounded
set(x:v='') set_from
str(object:v='') string_of
tuple(x:v='') tuple_from
list(x:v='') list_of
all(x:v) all_or_any 0
any(x:v) all_or_any 1
hex(x:i) in_base 16 0x
oct(x:i) in_base 8 0o
bin(x:i) in_base 2 0b
format(x:v, spec:t='') format_value
"""
METHODS = {
    _LIST: """
append(x:v) list_append
extend(x:v) extend
insert(i:v, x:v) list_insert
pop(i:v=-1) list_pop_at
remove(x:v) list_remove
index(x:v) sequence_index
count(x:v) sequence_count
reverse() reverse
clear() clear
copy() copy_of
sort(*, key:v=None, reverse:v=False) sort
""",
    _TUPLE: """
index(x:v) sequence_index
count(x:v) sequence_count
""",
    _TEXT: """
upper() recased 0
lower() recased 1
casefold() recased 1
swapcase() recased 2
capitalize() recased 3
title() recased 4
isdigit() all_chars 0
isdecimal() all_chars 0
isnumeric() all_chars 0
isalpha() all_chars 1
isalnum() all_chars 2
isspace() all_chars 3
isupper() all_chars 4
islower() all_chars 5
strip(chars:n=None) stripped 3
lstrip(chars:n=None) stripped 1
rstrip(chars:n=None) stripped 2
split(sep:n=None, maxsplit:i=-1) split
rsplit(sep:n=None, maxsplit:i=-1) rsplit
splitlines() split_lines
join(parts:v) join
replace(old:t, new:t, count:i=-1) replace
find(part:t, start:i=0) string_find
rfind(part:t) string_rfind
index(part:t) sequence_index
count(part:t) sequence_count
startswith(part:v) starts_with
endswith(part:v) ends_with
removeprefix(part:t) without_affix 0
removesuffix(part:t) without_affix 1
ljust(width:i, fill:t=' ') padded 0
rjust(width:i, fill:t=' ') padded 1
center(width:i, fill:t=' ') padded 2
zfill(width:i) zero_filled
partition(sep:t) partition 0
rpartition(sep:t) partition 1
""",
    _DICT: """
get(key:v, default:v=None) dict_get
setdefault(key:v, default:v=None) dict_setdefault
pop(key:v, default:v=-) dict_pop
popitem() dict_popitem
update(other:v) dict_update
keys() view 0
values() view 1
items() view 2
clear() clear
copy() copy_of
""",
    _SET: """
add(x:v) set_add
discard(x:v) set_discard
remove(x:v) set_remove
pop() set_pop
clear() clear
update(other:v) set_update
intersection_update(other:v) set_combine_in_place 0
difference_update(other:v) set_combine_in_place 1
symmetric_difference_update(other:v) set_combine_in_place 3
""",
    _SETS: """
copy() copy_of
intersection(other:v) combined 0
difference(other:v) combined 1
union(other:v) combined 2
symmetric_difference(other:v) combined 3
issubset(other:v) is_subset?
isdisjoint(other:v) are_disjoint?
issuperset(other:v) is_superset?
""",
    _FLOAT: """
is_integer() is_whole_float?
""",
    _INT: """
bit_length() bit_length
""",
    _GENERATOR: """
close() close_generator
send(x:v) send_to
""",
}


def _parsed(line: str, kinds: tuple[int, ...] = ()) -> tuple[str, Routine]:
    head, _, tail = line.partition(")")
    name, _, listed = head.partition("(")
    params = []
    for part in filter(None, (one.strip() for one in listed.split(", "))):
        if part == "*":
            continue
        written, _, default = part.partition("=")
        called, _, sort = written.partition(":")
        params.append(Parameter(called, sort, _WORDS[default] if default else None))
    routine, *further = tail.split()
    words = tuple(int(one) if one.isdigit() else inline_string(one) for one in further)
    return name, Routine(routine.rstrip("?"), tuple(params), words, routine.endswith("?"), kinds)


@lru_cache(maxsize=1)
def functions() -> dict[str, Routine]:
    """Give the built-in functions that are done by one routine each."""
    return dict(_parsed(line) for line in BUILT_IN.strip().splitlines())


@lru_cache(maxsize=1)
def methods() -> dict[str, tuple[Routine, ...]]:
    """Give the methods of built-in types, several of one name where several types have it."""
    found: dict[str, tuple[Routine, ...]] = {}
    for kinds, lines in METHODS.items():
        for line in lines.strip().splitlines():
            name, routine = _parsed(line, kinds)
            found[name] = (*found.get(name, ()), routine)
    return found


NAMED = {
    "round": ("number", "ndigits"),
    "str": ("object",),
    "split": ("sep", "maxsplit"),
    "rsplit": ("sep", "maxsplit"),
    "sort": ("key", "reverse"),
}
"""Parameters of routines that may be given by name; the others of CPython's take their arguments by position only."""
SPECIAL: tuple[str, ...] = (
    "print",
    "range",
    "dict",
    "enumerate",
    "zip",
    "map",
    "filter",
    "min",
    "max",
    "sum",
    "pow",
    "int",
    "type",
)
SPECIAL += ("sorted", "super", "callable", "getattr", "hasattr", "setattr", "issubclass", "exit", "quit")
"""Built-in functions that `built_in.py` knows how to call."""
MATH = """
sqrt(x:v) math_sqrt
floor(x:v) math_floor
ceil(x:v) math_ceil
trunc(x:v) math_trunc
fabs(x:v) math_fabs
gcd(a:i, b:i) math_gcd
lcm(a:i, b:i) math_lcm
isqrt(n:i) math_isqrt
factorial(n:i) math_factorial
comb(n:i, k:i) math_comb
pow(x:v, y:v) math_pow
hypot(x:v, y:v) math_hypot
prod(x:v) math_prod
isnan(x:v) math_isnan?
isinf(x:v) math_isinf?
"""
MATH_CONSTANTS = {"pi": 3.141592653589793, "e": 2.718281828459045, "tau": 6.283185307179586, "inf": float("inf")}
MATH_CONSTANTS["nan"] = float("nan")


@lru_cache(maxsize=1)
def math() -> dict[str, Routine]:
    """Give the functions of the module `math`."""
    return dict(_parsed(line) for line in MATH.strip().splitlines())


REFUSED = {
    "open": "the Engine has no files: read with input() and print the results",
    "eval": "write what is to be computed into the program itself",
    "exec": "write what is to be done into the program itself",
    "compile": "write what is to be done into the program itself",
    "globals": "use a dict of your own",
    "locals": "use a dict of your own",
    "vars": "use a dict of your own",
    "dir": "list the names in the program itself",
    "id": "compare objects with 'is'",
    "bytes": "use a list of numbers",
    "bytearray": "use a list of numbers",
    "memoryview": "use a list of numbers",
    "complex": "use two floats",
    "slice": "write the slice in brackets",
    "object": "leave it out: every class is an object",
    "delattr": "set the attribute to None instead",
    "ascii": "use repr()",
    "help": "look into the documentation",
    "breakpoint": "the playground steps through the program",
    "property": "write @property above the method",
    "staticmethod": "write @staticmethod above the method",
    "classmethod": "write @staticmethod above the method and name the class",
    "__import__": "of the modules there is math only",
    "aiter": "use iter()",
    "anext": "use next()",
}
"""Built-in names that are missing here, and what to do instead."""
