"""The assistance workload: words about jobs and texts, by a model where one is set up, by rules everywhere else."""
