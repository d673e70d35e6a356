"""Documents as PDF: typeset by Typst in Noto Sans CJK, fit for screen readers (PDF/UA) and for archives (PDF/A)."""

import json
from dataclasses import asdict
from datetime import datetime
from functools import cache
from pathlib import Path

import manimgx_fonts_cjk
import typst

from respite.plans.confirmation.blocks import Document

LAYOUT = Path(__file__).with_name("layout.typ")
FONTS = Path(manimgx_fonts_cjk.__file__).parent


def typeset(document: Document, language: str, *, at: datetime) -> bytes:
    """`document` as a PDF that says it was made `at` that moment."""
    return typst.compile(
        LAYOUT,
        font_paths=fonts(),
        sys_inputs={"language": language, "document": json.dumps(asdict(document), ensure_ascii=False)},
        pdf_standards=["ua-1", "a-2a"],
        timestamp=int(at.timestamp()),
    )


@cache
def fonts() -> typst.Fonts:
    """The fonts in which everything of ours is typeset, loaded once."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])
