"""The launcher: a small process of the standard library alone that builds boxes and runs programs in them."""
