"""What a component shows, handed to it as one string: NiceGUI watches every list and dictionary in a property."""

import orjson
from nicegui.element import Element


def as_json(value: object) -> str:
    """`value` as the component parses it."""
    return orjson.dumps(value).decode()


def show(component: Element, shown: str) -> None:
    """Have a component show something in its property `shown`, if that is not what it shows already."""
    if shown != component.props["shown"]:
        component.props["shown"] = shown
        component.update()
