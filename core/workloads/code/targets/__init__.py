"""Targets: what a program can run on. Each is a module, or a package, that holds its `TARGET`."""
