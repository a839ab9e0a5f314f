"""Lisp: the core of Scheme, from its reader and its macros to the run-time library that its programs share."""
