"""Amounts, dates, durations, counts, references and contact details in English and Chinese sentences.

Each module finds one kind of thing in folded text (see `folding`); `extractor` puts them together for Rasa.
"""
