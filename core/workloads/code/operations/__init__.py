"""What is kept of a course in a tenant: classes, their students, and what these have handed in."""
