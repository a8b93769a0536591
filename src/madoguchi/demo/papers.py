"""A FAX in the demonstration desk's tray, so that a newcomer sees what the tray is for."""

import datetime as dt

from madoguchi.correspondence.operations.files import made_ready, put_in_tray
from madoguchi.correspondence.scanning import no_scanner
from madoguchi.rules.access import Actor
from madoguchi.rules.files import Given
from madoguchi.ui.printing import UnableToPrintError, printed

_SHEET = b"""
#let sheet = json(bytes(sys.inputs.sheet))
#set document(title: "FAX")
#set page(paper: "a4", margin: 30mm)
#set text(font: sheet.fonts, lang: "ja", size: 15pt)
#set par(leading: 1.4em)
= FAX
#for line in sheet.lines [#line \\ ]
"""
# Made up, as all of the demonstration is.
_LINES = (
    "ネットトラブル相談 御中",
    "",
    "町内会の掲示板サイトに、私の名前と住所が書かれています。",
    "「ごみを散らかす人」とも書かれ、困っています。",
    "パソコンは使えません。返事はFAXでください。",
    "",
    "FAX 06-0000-0000　見本 太郎",
)


def put_fax(*, staff: Actor, at: dt.datetime) -> None:
    """Put a FAX into the tray; where nothing can be printed in Japanese, none comes."""
    try:
        fax = printed(_SHEET, {"lines": _LINES}, made_at=int(at.timestamp()))
    except UnableToPrintError:
        return
    with made_ready([Given(name="fax.pdf", content=fax)], no_scanner) as ready:
        put_in_tray(actor=staff, ready=ready, at=at)
