"""The native target: a student's program under the host's own toolchain, behind every wall of the sandbox."""
