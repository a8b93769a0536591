"""Texts with places to fill (定型文): {受付番号} becomes the matter's number."""

import re
from collections.abc import Mapping

_PLACE = re.compile(r"\{([^{}\n]{1,20})\}")
# What a desk's text may leave open, and an adviser's page fills in.
PLACES = ("受付番号", "担当", "窓口名", "返事の目安", "呼び名", "きょう")


def unknown_places(text: str) -> list[str]:
    """Return the places in `text` that nobody fills, in their order."""
    return [name for name in dict.fromkeys(_PLACE.findall(text)) if name not in PLACES]


def filled(text: str, values: Mapping[str, str]) -> str:
    """Return `text` with its places filled; what is not known stays open to the eye."""
    return _PLACE.sub(lambda place: values.get(place[1]) or place[0], text)
