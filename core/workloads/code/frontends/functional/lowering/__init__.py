"""From terms to the IR."""
