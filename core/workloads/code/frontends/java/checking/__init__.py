"""What a program must keep to beyond its types: values, ends, and exceptions."""
