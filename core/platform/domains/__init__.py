"""Domains and their windows: series of data that any workload may read, whoever made them."""
