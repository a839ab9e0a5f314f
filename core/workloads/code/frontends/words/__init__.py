"""The small language that the run-time library is written in: Python to look at, with words as its only values."""
