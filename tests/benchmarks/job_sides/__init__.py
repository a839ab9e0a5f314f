"""The sides: for each queue its no-op job and the driver that submits it; run as scripts, peers in their own Python."""
