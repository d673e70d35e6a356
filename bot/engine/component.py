"""The bases of the graph components: without options, with options, and with something learned."""

from __future__ import annotations

from typing import Any, TypeVar

import joblib
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage

Plain = TypeVar("Plain", bound="PlainComponent")
Configured = TypeVar("Configured", bound="ConfiguredComponent")
Learning = TypeVar("Learning", bound="LearningComponent")

_LEARNED = "learned.joblib"


class PlainComponent(GraphComponent):
    """A graph component that is made from nothing."""

    @classmethod
    def create(
        cls: type[Plain],
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Plain:
        """Create the component; it has no options."""
        return cls()


class ConfiguredComponent(GraphComponent):
    """A graph component that has options."""

    def __init__(self, config: dict[str, Any], name: str) -> None:
        """Hold the options."""
        self._config = config

    @classmethod
    def create(
        cls: type[Configured],
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Configured:
        """Create the component with its options."""
        return cls(config, execution_context.node_name)


class LearningComponent(GraphComponent):
    """A graph component that has options and learns; what it learned is saved with the model."""

    def __init__(self, config: dict[str, Any], name: str, model_storage: ModelStorage, resource: Resource) -> None:
        """Hold the options and the place for what will be learned."""
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._learned: Any = None

    @classmethod
    def create(
        cls: type[Learning],
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Learning:
        """Create the component, untrained."""
        return cls(config, execution_context.node_name, model_storage, resource)

    def persist(self) -> None:
        """Save what was learned with the model."""
        with self._model_storage.write_to(self._resource) as directory:
            joblib.dump(self._learned, directory / _LEARNED)

    @classmethod
    def load(
        cls: type[Learning],
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> Learning:
        """Load the trained component."""
        component = cls.create(config, model_storage, resource, execution_context)
        with model_storage.read_from(resource) as directory:
            component._learned = joblib.load(directory / _LEARNED)
        return component
