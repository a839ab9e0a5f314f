"""The parts of `penstock bench million`."""
