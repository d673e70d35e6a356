"""What every page of the console can reach: the installation that it belongs to."""

from dataclasses import dataclass

from fastapi import FastAPI
from nicegui import app

from respite.clock import Clock
from respite.languages import to_traditional, written_in
from respite.policies.load import policy
from respite.settings import Settings
from respite.staff.sessions import Lifetime

PATH = "/staff"


@dataclass(frozen=True)
class Console:
    """One installation's console: `host` is the web application that it is mounted on."""

    host: FastAPI
    settings: Settings
    clock: Clock
    lifetime: Lifetime


def lender_name(language: str) -> str:
    """The lender's name for a reader of `language` (en, zh-Hans, zh-Hant)."""
    name = policy().lender.name[written_in(language)]
    return to_traditional(name) if language == "zh-Hant" else name


def console() -> Console:
    """The console of this process."""
    found: Console = app.state.console
    return found
