"""The code workload: student programs, compiled and run."""
