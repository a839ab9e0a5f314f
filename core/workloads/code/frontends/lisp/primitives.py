"""Procedures that are routines of the run-time library, and what each takes.

A line has the name, how many arguments it takes (`2`, `1-2`, `0-*`), the routine, and how more or fewer arguments are
brought to the two that it has: `fold` from the left, `chain` as comparisons are. A routine whose name ends in `?` gives
0 or 1. Where arguments are left out, the words behind the routine stand for them. `all` names the procedure of the
library in Scheme that stands for it as a value.
"""

from dataclasses import dataclass
from functools import lru_cache

from core.workloads.code.frontends.words.values import END, FALSE, NONE, STRING, TRUE, UNBOUND, inline_string

NIL = FALSE + 6
SYMBOL = 7 * 10**49
CHAR = 8 * 10**49
_WORDS = {
    "#f": FALSE,
    "#t": TRUE,
    "unspecified": NONE,
    "-": UNBOUND,
    "eof": END,
    "()": NIL,
    "''": STRING,
    "' '": inline_string(" "),
    "nul": CHAR,
    "blank": CHAR + 32,
}
_TABLE = """
+ 0-* add_values fold=0 all=sum/all
* 0-* mul_values fold=1 all=product/all
- 1-* sub_values fold all=difference/all
/ 1-* divide_values fold all=quotient/all
= 1-* numbers_equal? chain all=equal/all
< 1-* less? chain all=less/all
> 1-* greater? chain all=greater/all
<= 1-* at_most? chain all=at-most/all
>= 1-* at_least? chain all=at-least/all
max 1-* larger fold all=max/all
min 1-* smaller fold all=min/all
gcd 0-* common_divisor fold=0 all=gcd/all
lcm 0-* common_multiple fold=1 all=lcm/all
string-append 0-* string_append fold='' all=string-append/all
quotient 2 quotient
remainder 2 remainder
modulo 2 modulo
truncate-quotient 2 quotient
truncate-remainder 2 remainder
floor-quotient 2 floor_quotient
floor-remainder 2 modulo
abs 1 magnitude
magnitude 1 magnitude
expt 2 expt
sqrt 1 square_root
exact-integer-sqrt 1 integer_root
square 1 square
floor 1 round_down
ceiling 1 round_up
truncate 1 round_to_zero
round 1 round_half_even
exact 1 to_exact
inexact 1 to_inexact
inexact->exact 1 to_exact
exact->inexact 1 to_inexact
numerator 1 numerator
denominator 1 denominator
number->string 1-2 number_to_string 10
string->number 1-2 string_to_number 10
number? 1 is_number?
complex? 1 is_number?
real? 1 is_number?
rational? 1 is_rational?
integer? 1 is_integer?
exact? 1 is_exact?
inexact? 1 is_inexact?
exact-integer? 1 is_exact_integer?
exact-rational? 1 is_exact_rational?
nan? 1 is_nan?
infinite? 1 is_infinite?
finite? 1 is_finite?
zero? 1 is_zero_value?
positive? 1 is_positive?
negative? 1 is_negative?
even? 1 is_even?
odd? 1 is_odd?
1+ 1 one_more
1- 1 one_less
-1+ 1 one_less
bitwise-and 2 bits_and
bitwise-or 2 bits_or
bitwise-xor 2 bits_xor
logand 2 bits_and
logior 2 bits_or
logxor 2 bits_xor
arithmetic-shift 2 shifted
ash 2 shifted
eq? 2 is_same?
eqv? 2 is_equivalent?
equal? 2 is_equal?
not 1 is_false?
boolean? 1 is_boolean?
cons 2 cons
car 1 car
cdr 1 cdr
set-car! 2 set_car
set-cdr! 2 set_cdr
caar 1 caar
cadr 1 cadr
cdar 1 cdar
cddr 1 cddr
caddr 1 caddr
cdddr 1 cdddr
cadddr 1 cadddr
first 1 first
second 1 second
third 1 third
fourth 1 fourth
pair? 1 is_pair?
null? 1 is_null?
list? 1 is_list?
length 1 list_length
reverse 1 list_reverse
list-tail 2 list_tail
list-ref 2 list_ref
list-head 2 list_head
take 2 list_head
drop 2 list_tail
last-pair 1 last_pair
list-copy 1 list_copy
memq 2 memq
memv 2 memv
assq 2 assq
assv 2 assv
make-list 1-2 make_list unspecified
iota 1-3 iota 0 1
symbol? 1 is_symbol?
symbol->string 1 symbol_to_string
string->symbol 1 string_to_symbol
string? 1 is_string?
string-length 1 string_size
string-ref 2 string_ref
substring 2-3 substring_of -
string-copy 1-3 substring_of 0 -
string=? 1-* string_same? chain all=string=?/all
string<? 1-* string_less? chain all=string<?/all
string>? 1-* string_greater? chain all=string>?/all
string<=? 1-* string_at_most? chain all=string<=?/all
string>=? 1-* string_at_least? chain all=string>=?/all
string-ci=? 2 string_same_but_case?
string-upcase 1 string_upcase
string-downcase 1 string_downcase
string->list 1-3 string_to_list 0 -
list->string 1 list_to_string
make-string 1-2 make_string blank
string-null? 1 is_empty_string?
string-contains 2 string_contains
string-index 2 string_index
string-prefix? 2 is_prefix?
string-suffix? 2 is_suffix?
string-reverse 1 string_reverse
string-join 1-2 string_join ' '
string-pad-left 2-3 string_pad_left blank
string-pad-right 2-3 string_pad_right blank
string-pad 2-3 string_pad_left blank
string-trim 1 string_trim
char? 1 is_char?
char->integer 1 char_to_integer
integer->char 1 integer_to_char
char-upcase 1 char_upcase
char-downcase 1 char_downcase
char-alphabetic? 1 is_char_alphabetic?
char-numeric? 1 is_char_numeric?
char-whitespace? 1 is_char_whitespace?
char-upper-case? 1 is_char_upper?
char-lower-case? 1 is_char_lower?
digit-value 1 digit_value_of
char=? 1-* char_same? chain all=char=?/all
char<? 1-* char_less? chain all=char<?/all
char>? 1-* char_greater? chain all=char>?/all
char<=? 1-* char_at_most? chain all=char<=?/all
char>=? 1-* char_at_least? chain all=char>=?/all
char-ci=? 2 char_same_but_case?
vector? 1 is_vector?
make-vector 1-2 make_vector unspecified
vector-length 1 vector_length
vector-ref 2 vector_ref
vector-set! 3 vector_set
vector-fill! 2 vector_fill
vector->list 1-3 vector_to_list 0 -
list->vector 1 list_to_vector
vector-copy 1-3 vector_copy 0 -
subvector 3 vector_copy
procedure? 1 is_procedure?
%apply 2 apply_list
%values->list 1 values_to_list
%list->values 1 list_to_values
%records-are? 2 is_record?
%record-part 3 record_part
%set-record-part! 4 set_record_part
%make-record 2 make_record
%handlers 0 handlers
%set-handlers! 1 set_handlers
%winders 0 winders
%set-winders! 1 set_winders
%call/cc 1 call_with_escape
%raise 1 raise_value
%promise 1 make_promise
%promise-value 1 promise_value
%set-promise! 2 set_promise
promise? 1 is_promise?
%promise-done? 1 is_promise_done?
error-object? 1 is_condition?
condition? 1 is_condition?
error-object-message 1 condition_message
error-object-irritants 1 condition_irritants
condition/report-string 1 condition_report
%condition 2 condition
display 1 display
write 1 write_value
newline 0 newline
write-string 1 display
write-char 1 display
read-line 0 read_line
read-char 0 read_char
peek-char 0 peek_char
eof-object 0 eof_value
eof-object? 1 is_eof?
exit 0-1 leave #t
void 0 nothing
"""


@dataclass(frozen=True, slots=True)
class Primitive:
    """A procedure that is a routine."""

    name: str
    least: int
    most: int
    """-1 where there is no limit."""
    routine: str
    gives_truth: bool
    form: str
    """`plain`, `fold` or `chain`."""
    unit: int | None
    """Of a fold: what it gives without arguments."""
    all: str
    defaults: tuple[int, ...]


@lru_cache(maxsize=1)
def primitives() -> dict[str, Primitive]:
    """Read the table."""
    found = {}
    for line in _TABLE.strip().splitlines():
        name, count, routine, *more = line.replace("' '", "blank-text").split()
        least, _, most = count.partition("-")
        form, unit, all_, defaults = "plain", None, "", []
        for one in more:
            word = one.replace("blank-text", "' '")
            if one.startswith("all="):
                all_ = one[4:]
            elif one.startswith(("fold", "chain")):
                form, _, value = one.partition("=")
                unit = _word(value) if value else None
            else:
                defaults.append(_word(word))
        limit = -1 if most == "*" else int(most or least)
        gives_truth = routine.endswith("?")
        found[name] = Primitive(
            name, int(least), limit, routine.rstrip("?"), gives_truth, form, unit, all_, tuple(defaults)
        )
    return found


def _word(text: str) -> int:
    return _WORDS[text] if text in _WORDS else int(text)
