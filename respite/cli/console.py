"""The terminal: what Respite says on it, and how a command ends that cannot go on."""

import getpass
from pathlib import Path
from typing import NoReturn

import typer
from rich.console import Console

console = Console(highlight=False)
errors = Console(stderr=True, highlight=False)


def give_up(sentence: str) -> NoReturn:
    """End the command with exit code 1 and a sentence that says what was wrong and what to do."""
    errors.print(f"[red]✗[/red] {sentence}", soft_wrap=True)
    raise typer.Exit(1)


def write_file(file: Path, content: bytes) -> None:
    """Write a file, or end the command with a sentence that says why it cannot be."""
    try:
        file.write_bytes(content)
    except OSError as error:
        give_up(f"{file} cannot be written: {error.strerror}. Choose another place.")


def operator() -> str:
    """Whoever runs the command, as the audit trail names them."""
    return f"staff:{getpass.getuser()}"
