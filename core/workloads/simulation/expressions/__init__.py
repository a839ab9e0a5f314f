"""The language of equations: read to a tree, checked for names and units, compiled to steps over arrays. No `eval`."""
