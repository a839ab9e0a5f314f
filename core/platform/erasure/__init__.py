"""Erasure and retention: what is forgotten, when, and what proves it."""
