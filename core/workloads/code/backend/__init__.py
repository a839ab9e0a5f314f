"""From the IR to cards: liveness, registers, frames, selection."""
