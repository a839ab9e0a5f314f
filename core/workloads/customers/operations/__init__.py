"""What is kept of customers, and how it changes."""
