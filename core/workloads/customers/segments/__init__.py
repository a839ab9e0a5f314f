"""What a segment may say: a definition as JSON, read into a tree."""
