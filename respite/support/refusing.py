"""Steps that are refused, said so that whoever tried understands it in their own language."""


class RefusedError(Exception):
    """Something that is not possible now. Its text, in English, is for staff.

    `text` with `values` in the places of its `%(name)s` is the same, to be said in another language.
    """

    def __init__(self, text: str, **values: object) -> None:
        super().__init__(text % values if values else text)
        self.text, self.values = text, values
