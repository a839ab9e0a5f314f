"""Flame graphs as text: where processes spend their time under load, sampled from outside and drawn as a tree."""
