"""Solvers: interchangeable makers of plans."""
