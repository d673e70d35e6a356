"""The HTTP statuses by which Rasa tells the hub how a turn failed."""

FAILED = 500
DIED = 502
"""The action server, or the way to it, died in the turn."""
NOTHING_DONE = 503
"""The action server could not be reached, and nothing was done before."""
