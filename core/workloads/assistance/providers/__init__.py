"""Providers of answers: one file each, named by what it speaks."""
