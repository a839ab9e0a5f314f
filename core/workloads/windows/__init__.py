"""Data generation windows: generated with a known truth, imported, exported, profiled."""
