"""The parts of `penstock bench lists`."""
