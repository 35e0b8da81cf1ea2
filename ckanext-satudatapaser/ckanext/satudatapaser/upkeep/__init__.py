"""Running without a person watching: schedules, the queue, dead runs, history, notices, metrics, health."""
