"""Draw how far the classifier's confidence can be believed: `PYTHONPATH=. .venv-rasa/bin/python -m docs.reliability`.

It parses the held-out utterances with the trained model, draws the reliability diagram of docs/understanding.md and
prints the expected calibration error.
"""

import csv
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from sklearn.calibration import CalibrationDisplay

from bot.engine.parse import DEFAULT_MODEL, Parser

HELD_OUT = Path("tests/nlu")
PICTURE = Path(__file__).parent / "pictures" / "reliability.png"
BINS = 10
LANGUAGES = {"en": "English", "zh": "Chinese"}


def judged(parser: Parser, language: str) -> tuple[np.ndarray, np.ndarray]:
    """Return for every held-out utterance of `language` the confidence, and whether the intent was right."""
    said = [row for file in sorted(HELD_OUT.glob(f"held_out_{language}[._]*tsv")) for row in rows(file)]
    parsed = [parser.parse(row["utterance"]) for row in said]
    is_right = [answer["intent"] == row["intent"] for answer, row in zip(parsed, said, strict=True)]
    return np.array([answer["confidence"] for answer in parsed]), np.array(is_right)


def rows(file: Path) -> list[dict[str, str]]:
    """Return the utterances of a held-out file."""
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def expected_calibration_error(confidence: np.ndarray, is_right: np.ndarray) -> float:
    """Return the gap between confidence and accuracy, averaged over equal bins by their size (Naeini et al., 2015)."""
    bins = np.minimum((confidence * BINS).astype(int), BINS - 1)
    gaps = [abs((confidence - is_right)[bins == each].sum()) for each in range(BINS)]
    return float(sum(gaps) / len(confidence))


def main() -> None:
    """Draw the picture and print the errors."""
    parser = Parser(DEFAULT_MODEL)
    figure, axes = plt.subplots(figsize=(6, 6))
    for language, name in LANGUAGES.items():
        confidence, is_right = judged(parser, language)
        error = expected_calibration_error(confidence, is_right)
        CalibrationDisplay.from_predictions(is_right, confidence, n_bins=BINS, name=name, ax=axes)
        print(f"{name}: expected calibration error {error:.3f} over {len(confidence)} utterances")
    axes.set(xlabel="Confidence", ylabel="Share of intents that are right", title="Held-out utterances")
    figure.savefig(PICTURE, dpi=120, bbox_inches="tight")


if __name__ == "__main__":
    main()
