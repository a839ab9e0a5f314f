"""HTTP in, JSON and pages out; the command line and the Python client beside it."""
