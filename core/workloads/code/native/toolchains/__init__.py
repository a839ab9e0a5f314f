"""Toolchains of the host, one file each: data over `base.Toolchain`, found by where they lie."""
