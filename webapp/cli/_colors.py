"""Colors of the states of jobs."""

STATE_STYLES = {
    "succeeded": "green",
    "failed": "red",
    "cancelled": "yellow",
    "expired": "yellow",
    "retryable": "yellow",
    "running": "cyan",
}
