"""What the platform knows: no web framework, no task queue."""
