"""What windows cost: made, stored, imported, and made for many domains at once."""
