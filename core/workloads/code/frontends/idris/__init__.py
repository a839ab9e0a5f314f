"""Idris: dependent types, checked here and gone when the program runs."""
