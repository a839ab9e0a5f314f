"""What `penstock bench pumping` measures."""
