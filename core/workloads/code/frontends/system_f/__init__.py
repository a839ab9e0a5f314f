"""System F and System Fω in the syntax of Pierce, "Types and Programming Languages" (2002)."""
