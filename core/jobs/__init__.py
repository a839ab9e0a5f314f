"""The life of a job: submission, messages, leases, execution, outcome."""
