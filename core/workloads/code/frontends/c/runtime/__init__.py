"""The standard library: C sources that are translated when a program first needs them, and joined to it."""
