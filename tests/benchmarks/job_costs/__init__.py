"""What a job costs, each figure against a peer that does the same on the same machine in the same run."""
