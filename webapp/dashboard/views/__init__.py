"""How workloads show what they computed: one module for each, found by where it lies (`drawing.py`)."""
