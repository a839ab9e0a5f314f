"""What jobs compute, one folder for each family of kinds."""
