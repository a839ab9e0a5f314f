"""From a checked tree to the IR."""
