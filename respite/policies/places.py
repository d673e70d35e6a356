"""On which line of a YAML file each key and each item of a list stands."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

import yaml

Place = tuple[str, ...]


class Places:
    """The lines of a YAML document. A place is the path of keys, and of positions in lists, that leads to it."""

    def __init__(self, text: str) -> None:
        self._lines: dict[Place, list[int]] = defaultdict(list)
        document = yaml.compose(text, yaml.SafeLoader)
        for place, line in _walk(document, ()):
            self._lines[place].append(line)

    def nearest(self, path: Sequence[str | int]) -> tuple[Place, int]:
        """The longest beginning of `path` that the file holds, and its line; line 1 for the whole file."""
        place = tuple(map(str, path))
        while place and place not in self._lines:
            place = place[:-1]
        return place, self._lines[place][-1] if place else 1

    def repeated(self) -> Iterator[tuple[Place, list[int]]]:
        """The keys that one section holds more than once, with all their lines."""
        return ((place, lines) for place, lines in self._lines.items() if len(lines) > 1)


def _walk(node: yaml.Node | None, path: Place) -> Iterator[tuple[Place, int]]:
    match node:
        case yaml.MappingNode(value=entries):
            parts = [(key.value, key, value) for key, value in entries if isinstance(key, yaml.ScalarNode)]
        case yaml.SequenceNode(value=items):
            parts = [(str(position), item, item) for position, item in enumerate(items)]
        case _:
            return
    for name, marked, content in parts:
        place = (*path, name)
        yield place, marked.start_mark.line + 1
        yield from _walk(content, place)
