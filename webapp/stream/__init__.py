"""The `stream` process: sockets of many clients on few cores, fed over Redis; it never asks the database."""
