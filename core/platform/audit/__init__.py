"""The audit trail: who changed or was refused what, only ever added to, chained so that tampering shows."""
