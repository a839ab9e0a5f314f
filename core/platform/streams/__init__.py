"""Live streams: what can be listened to, who may, how many at a time, and how news get there over Redis alone."""
