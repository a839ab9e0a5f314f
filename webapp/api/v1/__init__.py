"""Version 1 of the HTTP API; every module here is one group of routes, found by where it lies."""
