"""Many sockets at a time: opened, and told one change of state."""
