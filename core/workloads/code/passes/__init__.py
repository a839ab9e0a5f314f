"""What makes the IR shorter without changing what it means; the same for all languages."""
