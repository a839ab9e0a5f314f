"""Lisp by Guile."""

import re

from core.workloads.code.native.toolchains.base import Complaint, SelfTest, Toolchain

_PLACE = re.compile(r"/box/main\.scm:(?P<line>\d+):(?P<column>\d+): (?P<text>.*)")
_NOWHERE = re.compile(r"unknown location: (?P<text>.*)")
_REFUSED = ("Syntax error", "unexpected end of input", 'unexpected ")"', "unknown # object")
_MODULES = ("base", "char", "cxr", "inexact", "lazy", "process-context", "write")
_BEGIN = (
    f"(use-modules {' '.join(f'(scheme {one})' for one in _MODULES)} (srfi srfi-1) (srfi srfi-8) (ice-9 rdelim))"
    '(load "/box/main.scm")'
)
_SELF_TEST = """
(define-syntax twice (syntax-rules () ((_ form) (begin form form))))
(define (fact n) (if (= n 0) 1 (* n (fact (- n 1)))))
(define n (string->number (read-line)))
(twice (display (fact n)))
(newline)
(display (guard (e (#t (error-object-message e))) (error "caught")))
"""


def rejection(stderr: str, _source: str) -> list[Complaint]:
    """Read what the reader or the expander refused, before anything ran."""
    if not any(one in stderr for one in _REFUSED):
        return []
    if found := _PLACE.search(stderr):
        return [Complaint(found["text"], int(found["line"]), int(found["column"]) + 1)]
    return [Complaint(found["text"]) for found in _NOWHERE.finditer(stderr)]


def crash(exit_code: int, stderr: str) -> str | None:
    """Name what nothing handled."""
    return "error" if exit_code and stderr.strip() else None


TOOLCHAIN = Toolchain(
    language="lisp",
    title="Scheme by Guile",
    programs=("guile", "guile-3.0"),
    source="main.scm",
    running=("{program}", "--no-auto-compile", "-c", _BEGIN),
    rejection=rejection,
    crash=crash,
    self_test=SelfTest(_SELF_TEST, "20\n", "24329020081766400002432902008176640000\ncaught"),
)
