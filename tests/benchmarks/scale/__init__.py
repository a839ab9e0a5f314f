"""How far the platform grows: what a job takes of each part, measured, and which part is full first, by a model."""
