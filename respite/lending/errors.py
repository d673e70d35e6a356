"""What the lending core says when it is asked for something that cannot be."""


class LendingError(ValueError):
    """A value the lending core cannot work with.

    `field` names the argument at fault; the message is a sentence that says what to give instead.
    """

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class PlanNotPossibleError(LendingError):
    """No plan of the kind asked for exists within the limits given."""
