"""Plain HTML elements with words in them."""

from nicegui.elements.mixins.text_element import TextElement


def tag(name: str, words: str = "", classes: str = "") -> TextElement:
    """An HTML element, such as `h2`, with words that are shown as they are."""
    return TextElement(tag=name, text=words).classes(classes)
