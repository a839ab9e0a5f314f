"""Java: classes, interfaces, generics by erasure, exceptions and lambdas, for the Engine."""
