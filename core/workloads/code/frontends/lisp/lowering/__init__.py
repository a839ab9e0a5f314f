"""Lowering of the core to IR."""
