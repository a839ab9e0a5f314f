"""What a source means: its tree becomes the tree of `core`, with every name found and every type known."""
