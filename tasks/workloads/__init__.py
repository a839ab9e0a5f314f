"""One module for each workload: its kinds bound to their computations."""
