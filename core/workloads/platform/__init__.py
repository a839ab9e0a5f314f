"""Probes of the platform itself: echo, sleep, fail."""
