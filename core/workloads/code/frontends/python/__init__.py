"""Python: its parser, checks and lowering, and the run-time library that its programs share."""
