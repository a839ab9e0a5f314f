"""What may be asked of each generator: light twins of the members of `generators/`, found by where they lie."""
