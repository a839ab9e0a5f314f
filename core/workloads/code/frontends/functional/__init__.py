"""What functional languages share: terms, their strictness, thunks and closures, and the run-time library for these."""
