"""The Engine's operations: one module for each group, each operation's meaning beside its action."""
