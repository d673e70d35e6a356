"""Reading a policy file: every mistake in it is named with its line, and none gets past the start."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from pydantic import ValidationError

from respite.policies.findings import Finding, PolicyError, problem
from respite.policies.model import Policy
from respite.policies.places import Places
from respite.settings import settings

__all__ = ["SHIPPED", "PolicyError", "PolicyFile", "load_policy", "policy", "read_policy"]

SHIPPED = Path(__file__).parent
KEY_OF_A_MAPPING = "[key]"


@dataclass(frozen=True)
class PolicyFile:
    """A policy, and where in its file each of its keys stands."""

    path: Path
    places: Places
    policy: Policy

    def finding(self, field: Sequence[str | int], problem: str) -> Finding:
        """What to say of one key of this file."""
        return _finding(self.path, self.places, field, problem)


def read_policy(name_or_path: str) -> PolicyFile:
    """The policy file that ships under a name (cn, us, uk), or another one. Raises PolicyError."""
    path = _path(name_or_path)
    try:
        text = path.read_text(encoding="utf-8")
        places, content = Places(text), yaml.safe_load(text)
    except OSError as error:
        raise PolicyError(f"{path} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise PolicyError(f"{path} is not in UTF-8; save it so and try again.") from None
    except yaml.YAMLError as error:
        raise PolicyError(f"{path} is not valid YAML.", [_syntax_mistake(path, error)]) from None
    mistakes = [*_repetitions(path, places)]
    try:
        found = Policy.model_validate(content)
    except ValidationError as error:
        mistakes += _mistakes(path, places, error)
    if mistakes:
        raise PolicyError(f"{path} cannot be used.", sorted(mistakes, key=lambda mistake: mistake.line))
    return PolicyFile(path, places, found)


def load_policy(name_or_path: str) -> Policy:
    """The policy that ships under a name (cn, us, uk), or the one in a file. Raises PolicyError."""
    return read_policy(name_or_path).policy


@cache
def policy() -> Policy:
    """The policy of this installation, from its settings."""
    return load_policy(settings().policy)


def _path(name_or_path: str) -> Path:
    shipped = SHIPPED / f"{name_or_path}.yml"
    path = shipped if shipped.is_file() else Path(name_or_path)
    if not path.exists():
        known = ", ".join(sorted(file.stem for file in SHIPPED.glob("*.yml")))
        raise PolicyError(f"There is no policy {name_or_path!r}. Give a file, or one of: {known}.")
    return path


def _syntax_mistake(path: Path, error: yaml.YAMLError) -> Finding:
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark:
        return Finding(path, error.problem_mark.line + 1, "", f"{error.problem}; look at this line and the one above")
    return Finding(path, 1, "", str(error))


def _repetitions(path: Path, places: Places) -> Iterator[Finding]:
    for place, (first, *others) in places.repeated():
        for line in others:
            yield Finding(path, line, ".".join(place), f"stands on line {first} already; keep one of them")


def _mistakes(path: Path, places: Places, error: ValidationError) -> Iterator[Finding]:
    for found in error.errors():
        field = [part for part in found["loc"] if part != KEY_OF_A_MAPPING]
        yield _finding(path, places, field, problem(found))


def _finding(path: Path, places: Places, field: Sequence[str | int], problem: str) -> Finding:
    _, line = places.nearest(field)
    return Finding(path, line, ".".join(map(str, field)), problem)
