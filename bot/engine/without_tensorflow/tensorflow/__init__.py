"""Lets Rasa import without TensorFlow, which Respite never uses.

Every name of `tensorflow` and `keras` is a placeholder class: it can be subclassed, indexed, combined in a type and
used as a decorator, which is all that Rasa does with it at import time. Whoever goes on to use it is told how to
install the real one.
"""

import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

__version__ = "2.12.0"

REMEDY = (
    "TensorFlow is not installed: Respite's environment replaces it with a placeholder, because none of its own"
    " components needs it. To use DIETClassifier, TEDPolicy, UnexpecTEDIntentPolicy or ResponseSelector, remove the"
    " `tensorflow` lines from `override-dependencies` and `[tool.uv.sources]` in pyproject.toml, then run"
    " `UV_PROJECT_ENVIRONMENT=.venv-rasa uv sync --only-group rasa`."
)


class TensorFlowNotInstalledError(ImportError):
    """Raised on the first use of TensorFlow, with the remedy as its message."""

    def __init__(self) -> None:
        super().__init__(REMEDY)


class _PlaceholderType(type):
    """Makes classes whose attributes are placeholders in turn."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _PlaceholderType(name, (Placeholder,), {})

    def __getitem__(cls, item: Any) -> Any:
        return cls

    def __call__(cls, *arguments: Any, **options: Any) -> Any:
        if Placeholder not in cls.__bases__:
            raise TensorFlowNotInstalledError()
        if not arguments:
            return cls
        if len(arguments) == 1 and callable(arguments[0]):
            return arguments[0]
        raise TensorFlowNotInstalledError()


class Placeholder(metaclass=_PlaceholderType):
    """Stands for any class, function, decorator or constant of TensorFlow."""


class _PlaceholderModule(ModuleType):
    __path__: Sequence[str] = []

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(Placeholder, name)


class _SubmoduleFinder(MetaPathFinder, Loader):
    """Serves every sub-module of `tensorflow` and `keras`."""

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> Any:
        if name.startswith(("tensorflow.", "keras.")):
            return ModuleSpec(name, self, is_package=True)
        return None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _PlaceholderModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Nothing to run: a placeholder module has no source."""


def __getattr__(name: str) -> Any:
    if name.startswith("__"):
        raise AttributeError(name)
    return getattr(Placeholder, name)


sys.meta_path.append(_SubmoduleFinder())
