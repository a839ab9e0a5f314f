"""Many profiles at once: resolved, refreshed, planned."""
