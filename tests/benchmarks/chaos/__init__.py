"""Random faults over mixed jobs on a whole platform, and what must be true of every job afterwards."""
