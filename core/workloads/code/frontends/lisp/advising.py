"""Advice on what students mostly get wrong: words of other languages, other Lisps, and calls that are none."""

from core.workloads.code.frontends.lisp.data import Atom, List, shown

_FOREIGN = {
    **dict.fromkeys(("defun", "def", "function", "fn"), "write (define (name x) ...)"),
    **dict.fromkeys(("setq", "setf", "set"), "write (set! name value)"),
    **dict.fromkeys(("nil", "null", "None", "NIL"), "the empty list is '(), and false is #f"),
    **dict.fromkeys(("t", "true", "True", "T"), "true is #t"),
    **dict.fromkeys(("false", "False"), "false is #f"),
    **dict.fromkeys(("print", "princ", "println", "printf", "format"), "write (display x) and (newline)"),
    **dict.fromkeys(("progn", "prog1"), "write (begin ...)"),
    **dict.fromkeys(("mod", "%", "rem"), "write (modulo a b) or (remainder a b)"),
    **dict.fromkeys(("==", "eql", "equals"), "write (= a b) for numbers, (equal? a b) for anything"),
    **dict.fromkeys(("!=", "/=", "<>"), "write (not (= a b))"),
    **dict.fromkeys(("&&", "&"), "write (and a b)"),
    **dict.fromkeys(("||", "!"), "write (or a b) or (not a)"),
    **dict.fromkeys(("**", "^", "pow"), "write (expt a b)"),
    **dict.fromkeys(("++", "--"), "write (set! x (+ x 1))"),
    **dict.fromkeys(("return", "return-from"), "the last expression of a procedure is what it gives: leave return out"),
    **dict.fromkeys(
        ("while", "for", "dotimes", "dolist", "loop"), "write (let loop ((i 0)) ...), (do ...) or for-each"
    ),
    **dict.fromkeys(("elif", "elseif", "else"), "write (cond (test value) ... (else value))"),
    **dict.fromkeys(("mapcar",), "write (map f list)"),
    **dict.fromkeys(("funcall",), "write (f x): a procedure is called like any other"),
    **dict.fromkeys(("var", "int", "const", "defvar", "defparameter", "defconstant"), "write (define name value)"),
    **dict.fromkeys(("len", "size", "count"), "write (length list), (string-length s) or (vector-length v)"),
    **dict.fromkeys(("str", "concat", "concatenate"), "write (string-append a b)"),
    **dict.fromkeys(("nth", "elt"), "write (list-ref list n)"),
    **dict.fromkeys(("null", "nullp", "endp", "empty?"), "write (null? list)"),
    **dict.fromkeys(("atom", "atom?", "consp", "listp"), "write (pair? x), (null? x) or (list? x)"),
    **dict.fromkeys(
        ("numberp", "zerop", "evenp", "oddp", "stringp", "symbolp"), "a test ends in ?: number?, zero?, even?"
    ),
    **dict.fromkeys(("push", "pop"), "write (set! list (cons x list)) or (set! list (cdr list))"),
    **dict.fromkeys(("string-set!", "string-fill!"), "strings never change here: make a new one with string-append"),
    **dict.fromkeys(("parameterize", "make-parameter"), "parameters are not spoken here: pass an argument"),
    **dict.fromkeys(("make-hash-table", "hash-set!", "hash-ref"), "tables are not spoken here: take a list for assoc"),
    **dict.fromkeys(("open-input-file", "read"), "files are not spoken here: read-line reads the input"),
    **dict.fromkeys(("eval", "load"), "programs are translated beforehand: eval and load are not spoken here"),
    **dict.fromkeys(("define-macro", "defmacro"), "write (define-syntax name (syntax-rules () ((_ x) ...)))"),
    **dict.fromkeys(
        ("sin", "cos", "tan", "atan", "exp", "log"), "only what is exact to the last digit is here: sqrt, expt"
    ),
}
_INFIX = {"+", "-", "*", "/", "=", "<", ">", "<=", ">="}


def of_name(text: str) -> str:
    """Advise where nothing has the name."""
    return _FOREIGN.get(text, "")


def of_call(form: List) -> str:
    """Advise where what is called is a constant."""
    match form.items:
        case (Atom(), second, *_) if shown(second) in _INFIX:
            return f"the operator comes first: ({shown(second)} {shown(form.items[0])} ...)"
        case (Atom(),):
            return f"leave the parentheses out: {shown(form.items[0])}"
    return f"write '{shown(form)} for a list of values, or (list {shown(form.items[0])} ...)"


def of_count(name: str, count: int, least: int) -> str:
    """Advise where a call has a wrong number of arguments."""
    if count > least:
        return f"a parenthesis may be in the wrong place: what belongs to {name} ends with its )"
    return f"give {name} what is missing, or look for a parenthesis that closes it too early"
