"""From the analyzed tree to the IR."""
