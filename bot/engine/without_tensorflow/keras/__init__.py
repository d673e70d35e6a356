"""Keras, as far as Rasa needs it without TensorFlow: placeholders."""

from tensorflow import __getattr__  # noqa: F401
