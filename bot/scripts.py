"""The scripts that the assistant reads: Latin letters and Chinese characters."""

import unicodedata

READ = ("LATIN", "CJK", "BOPOMOFO")


def is_in_another_script(text: str) -> bool:
    """Whether most letters of `text` belong to a script that the assistant does not read."""
    letters = [character for character in unicodedata.normalize("NFKC", text) if character.isalpha()]
    read = sum(unicodedata.name(letter, "").startswith(READ) for letter in letters)
    return 2 * read < len(letters)
