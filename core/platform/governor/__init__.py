"""The resource governor: reads what a host has left, foresees a few seconds, and says what to do with less."""
