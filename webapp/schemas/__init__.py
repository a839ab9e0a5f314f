"""What goes over the wire, as marshmallow schemas: bodies and queries are loaded through them, answers documented."""
