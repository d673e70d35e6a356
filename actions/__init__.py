"""Rasa custom actions: read the tracker, call the core, return events and a response. One file per topic."""
