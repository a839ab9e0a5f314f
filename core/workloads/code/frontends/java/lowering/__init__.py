"""From the tree of `core` to the intermediate representation."""
