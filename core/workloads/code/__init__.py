"""Compile-and-run of student code: front ends, the Engine they translate for, and what jobs make of both."""
