"""What a component shows, handed to it as one string: NiceGUI watches every list and dictionary in a property."""

import orjson


def as_json(value: object) -> str:
    """`value` as the component parses it."""
    return orjson.dumps(value).decode()
