"""The sandbox: programs of strangers run behind walls, or not at all."""
