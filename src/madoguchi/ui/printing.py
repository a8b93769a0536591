"""PDFs by typst: tagged for screen readers (PDF/UA-1), in a font made to be read by many."""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any

import typst

# The first that the machine has is used. BIZ UD: made to be read by as many as possible.
_FONTS = (
    "BIZ UDPGothic",
    "BIZ UDGothic",
    "Noto Sans CJK JP",
    "Noto Sans JP",
    "IPAexGothic",
    "Hiragino Sans",
    "Yu Gothic",
    "Meiryo",
)


class UnableToPrintError(Exception):
    """No PDF can be made here. The message says in Japanese what to install."""


def printed(template: bytes, values: Mapping[str, Any], *, made_at: int) -> bytes:
    """Return `template` as PDF; it finds `values`, and the `fonts`, in the JSON `sheet`.

    `made_at`: seconds since 1970, as the PDF says of itself.
    """
    sheet = json.dumps({**values, "fonts": [_font()]}, ensure_ascii=False)
    made: bytes = typst.compile(
        template,
        format="pdf",
        sys_inputs={"sheet": sheet},
        pdf_standards=["ua-1"],
        timestamp=made_at,
    )
    return made


@cache
def families() -> frozenset[str]:
    """Return the fonts of this machine, once looked for."""
    return frozenset(typst.Fonts().families())


def _font() -> str:
    for font in _FONTS:
        if font in families():
            return font
    raise UnableToPrintError(
        "PDFを作れません。日本語の書体がこの機械にないためです。"
        "fonts-morisawa-bizud-gothic を入れてください。"
    )
