"""Printed figures are for screen readers and for black ink, too: what PDF/UA-1 asks of a file.

Not all that PDF/UA asks can be tested by a program, and no validator (veraPDF) is at hand here;
typst itself refuses to print what breaks its part (`pdf_standards=["ua-1"]`).
"""

import io
import re
from collections.abc import Iterator
from itertools import pairwise

import pytest
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject

from madoguchi.consultations.operations.importing import import_contacts
from madoguchi.rules.counting import Basis
from madoguchi.statistics.charts.blocks import chart_of
from madoguchi.statistics.presenting.document import Block, Line
from tests.people import AT, at_the_desk
from tests.senders import ASKED, expect, lines, sent

pytestmark = pytest.mark.django_db
ROWS = [
    f"2025-0{month}-1{number % 8}T10:{number:02},人{month}-{number},一,{way},10代,被害者,差別,助言"
    for month in (4, 5, 6, 7, 8, 9)
    for number, way in enumerate(["電話"] * 14 + ["メール"] * 6 + ["手紙"] * (month == 5))
]
PERIOD = {"first": "2025-04-01", "last": "2025-09-30"}


def report(client) -> str:
    draft = client.post("/stats/reports/begin/", PERIOD)["Location"]
    return client.post(f"{draft}freeze/")["Location"] + "pdf/"


def gathered(client) -> str:
    expect(client, "東市")
    sent(client, "東市", lines(*ROWS))
    return client.post(f"/stats/gathering/freeze/?{ASKED}")["Location"] + "pdf/"


def open_data(client) -> str:
    client.post("/stats/open/", {"year": "2025", "part": "half-1"})
    page = client.get("/figures/").content.decode()
    return re.search(r'href="(/figures/[^"]+/)"', page).group(1) + "pdf/"


def sheet(client) -> str:
    del client
    return f"/stats/download/?part=half-1&year=2025&basis={Basis.CASE_MONTH}&format=pdf"


@pytest.fixture(params=[report, gathered, open_data, sheet])
def printed(request, desk, beni) -> PdfReader:
    import_contacts(desk=desk.pk, content=lines(*ROWS), actor=None, at=AT.replace(year=2026))
    client = at_the_desk(beni)
    answer = client.get(request.param(client))
    assert answer.headers["Content-Type"] == "application/pdf"
    return PdfReader(io.BytesIO(answer.content))


def elements(printed: PdfReader) -> Iterator[DictionaryObject]:
    """Return every element of the structure, in reading order."""

    def below(kids) -> Iterator[DictionaryObject]:
        for kid in kids if isinstance(kids, ArrayObject) else [kids]:
            element = kid.get_object()
            if isinstance(element, DictionaryObject) and "/S" in element:
                yield element
                yield from below(element.get("/K", ArrayObject()))

    return below(printed.trailer["/Root"]["/StructTreeRoot"]["/K"])


def said(element: DictionaryObject, name: str) -> object:
    """Return an attribute of an element (/Scope of a /TH)."""
    given = element.get("/A", DictionaryObject()).get_object()
    each = given if isinstance(given, ArrayObject) else [given]
    return next((it.get_object()[name] for it in each if name in it.get_object()), None)


def test_a_file_says_what_it_is_in_which_language_and_that_it_is_tagged(printed) -> None:
    root = printed.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] is True or root["/MarkInfo"]["/Marked"].value is True
    assert root["/Lang"].startswith("ja")
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    told = root["/Metadata"].get_object().get_data().decode()
    assert re.search(r"pdfuaid:part(>|=\")1", told)
    assert printed.metadata.title
    assert printed.metadata.title in told


def test_every_chart_is_told_in_words_with_its_numbers(printed) -> None:
    figures = [it for it in elements(printed) if it["/S"] == "/Figure"]
    # Open data is numbers alone.
    assert bool(figures) is ("公開データ" not in printed.metadata.title)
    for figure in figures:
        assert "棒グラフ" in figure["/Alt"]
        assert re.search(r"は\d+|\d+件", figure["/Alt"])
    charts = [it for page in printed.pages for it in page.images]
    assert not charts  # drawn as lines, sharp in any size


def test_every_table_says_which_cells_are_heads_of_what(printed) -> None:
    every = list(elements(printed))
    tables = [it for it in every if it["/S"] == "/Table"]
    heads = [it for it in every if it["/S"] == "/TH"]
    assert len(tables) >= 5
    assert len(heads) >= 2 * len(tables)
    assert {said(it, "/Scope") for it in heads} <= {"/Column", "/Row", "/Both"}
    for row in (it for it in every if it["/S"] == "/TR"):
        kinds = {kid.get_object()["/S"] for kid in row["/K"]}
        assert kinds <= {"/TH", "/TD"}


def test_headings_go_down_one_step_at_a_time(printed) -> None:
    levels = [int(it["/S"][2]) for it in elements(printed) if re.fullmatch("/H[1-6]", it["/S"])]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_every_letter_is_embedded_and_can_be_read_out(printed) -> None:
    fonts = [
        font.get_object() for page in printed.pages for font in page["/Resources"]["/Font"].values()
    ]
    assert fonts
    for font in fonts:
        assert "/ToUnicode" in font
        [own] = font.get("/DescendantFonts", [font])
        descriptor = own.get_object()["/FontDescriptor"].get_object()
        assert {"/FontFile2", "/FontFile3"} & set(descriptor)


def test_bars_are_told_apart_without_colour() -> None:
    lines = [Line("電話", [30, 20, "+10"]), Line("メール", [0, 3, "-3"])]
    block = Block(
        "b", "手法別の比較", "分類", ["前", "今", "増減"], lines, finding="ふえた", bars=1, beside=0
    )
    drawn = str(chart_of(block))
    bars = re.findall(r'<rect [^>]*fill="([^"]+)" stroke="([^"]+)"', drawn)
    assert [_lightness(fill) < 0.2 for fill, _line in bars] == [True, False] * 2
    # Each has an outline that is dark on paper, and its number beside it.
    assert all(_lightness(line) < 0.2 for _fill, line in bars)
    assert re.findall(r">(\d+)</text>", drawn) == ["20", "30", "3", "0"]
    assert block.key == "塗った棒：今　白い棒：前"


def _lightness(colour: str) -> float:
    """Return how light a colour is in black and white: 0 to 1."""
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
