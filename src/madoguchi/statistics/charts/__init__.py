"""Charts drawn on the server as SVG: the same one in the page and in the PDF.

The title says the finding, every bar carries its label and number, and nothing rests on
colour: what is not known is hatched, so that a black-and-white print tells it apart.
"""

from django.utils.html import format_html, format_html_join

from madoguchi.rules.codebooks import UNKNOWN
from madoguchi.rules.counting import Row
from madoguchi.statistics.presenting import Stated, share
from madoguchi.statistics.presenting.comparing import Beside, Compared
from madoguchi.statistics.presenting.tables import FigureTable, Line

_WIDTH = 640
_LABELS = 120  # where bars begin
_LONGEST = 400
_FULL = 15  # one full-width letter
_WIDEST = 320
_LINE = 30
_BAR = 20
_FONT = "BIZ UDPGothic, BIZ UDPゴシック, Hiragino Sans, Noto Sans CJK JP, sans-serif"
_BLUE = "#0017c1"
_INK = "#1a1a1a"


def described(shown: Stated) -> str:
    """Return the chart in words, for who cannot see it."""
    rows = "、".join(f"{row.code.label_ja}{row.number}件" for row in shown.count.rows)
    return f"{shown.title}の横棒グラフ。{shown.base}。{rows}。"


_FRAME = (
    '<svg class="chart" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
    'width="{width}" height="{height}" role="img" aria-labelledby="{name}-title {name}-words" '
    'font-family="{font}" font-size="15" fill="{ink}">'
    '<title id="{name}-title">{title}</title><desc id="{name}-words">{words}</desc>'
    '<defs><pattern id="{name}-hatch" width="6" height="6" patternUnits="userSpaceOnUse" '
    'patternTransform="rotate(45)"><rect width="6" height="6" fill="#ffffff"/>'
    '<rect width="2" height="6" fill="{blue}"/></pattern></defs>{bars}</svg>'
)
_ONE_BAR = (
    '<text x="{}" y="{}" text-anchor="end">{}</text>'
    '<rect x="{}" y="{}" width="{}" height="{}" fill="{}" stroke="{}"/>'
    '<text x="{}" y="{}">{}<tspan fill="#4d4d4d" font-size="13">{}</tspan></text>'
)


def bar_chart(shown: Stated) -> str:
    """Return the table as bars (safe SVG); the largest number is the longest bar."""
    table, name = shown.count, shown.id
    largest = max((row.number for row in table.rows), default=0) or 1
    bars = (
        _bar(place, row, shown, _LONGEST * row.number // largest)
        for place, row in enumerate(table.rows)
    )
    return format_html(
        _FRAME,
        width=_WIDTH,
        height=_LINE * len(table.rows) + 4,
        name=name,
        font=_FONT,
        ink=_INK,
        blue=_BLUE,
        title=f"{shown.title}：{shown.finding}",
        words=described(shown),
        bars=format_html_join("", _ONE_BAR, bars),
    )


def lines_chart(table: FigureTable) -> str:
    """Return a further table as bars (safe SVG); its labels may be long."""
    name = f"chart-{table.name}"
    begin = min(_WIDEST, max(_LABELS, *(_FULL * len(line.label) + 20 for line in table.lines), 0))
    largest = max((line.number for line in table.lines), default=0) or 1
    longest = _LABELS + _LONGEST - begin
    bars = (
        _line(place, line, table, (begin, longest * line.number // largest))
        for place, line in enumerate(table.lines)
    )
    said = "、".join(f"{line.label}{line.number}{table.unit}" for line in table.lines)
    return format_html(
        _FRAME,
        width=_WIDTH,
        height=_LINE * len(table.lines) + 4,
        name=name,
        font=_FONT,
        ink=_INK,
        blue=_BLUE,
        title=f"{table.title}：{table.finding}",
        words=f"{table.title}の横棒グラフ。{table.base_said}。{said}。",
        bars=format_html_join("", _ONE_BAR, bars),
    )


def _line(place: int, line: Line, table: FigureTable, bar: tuple[int, int]) -> tuple[object, ...]:
    """Return what the SVG of one bar is filled with; `bar` begins there and is so long."""
    top, (begin, length) = place * _LINE + 4, bar
    fill = f"url(#chart-{table.name}-hatch)" if line.is_unknown else _BLUE
    part = f"（{share(line.number, table.base)}）" if line.number and table.base else ""
    length = max(length, 1) if line.number else 0
    return (
        *(begin - 10, top + 15, line.label),
        *(begin, top, length, _BAR, fill, _BLUE),
        *(begin + length + 8, top + 15, line.number, part),
    )


def _bar(place: int, row: Row, shown: Stated, length: int) -> tuple[object, ...]:
    """Return what the SVG of one bar is filled with: label, bar, number."""
    top = place * _LINE + 4
    baseline = top + 15
    fill = f"url(#{shown.id}-hatch)" if row.code.key == UNKNOWN else _BLUE
    part = f"（{share(row.number, shown.count.base)}）" if row.number else ""
    if row.number:
        length = max(length, 1)
    return (
        *(_LABELS - 10, baseline, row.code.label_ja),
        *(_LABELS, top, length, _BAR, fill, _BLUE),
        *(_LABELS + length + 8, baseline, row.number, part),
    )


_ONE_PAIR = (
    '<text x="{}" y="{}" text-anchor="end">{}</text>'
    '<rect x="{}" y="{}" width="{}" height="{}" fill="{}" stroke="{}"/>'
    '<text x="{}" y="{}" font-size="13">{}</text>'
    '<rect x="{}" y="{}" width="{}" height="{}" fill="{}" stroke="{}"/>'
    '<text x="{}" y="{}" font-size="13">{}</text>'
)
_LEGEND = (
    '<rect x="{}" y="4" width="14" height="14" fill="{}" stroke="{}"/><text x="{}" y="16">{}</text>'
)
_THIN = 14
_PAIR = 40
_TOP = 28


def paired_chart(table: Compared, names: tuple[str, str]) -> str:
    """Return two periods' rows as pairs of bars (safe SVG); those of the earlier are hatched."""
    name = f"compare-{str(table.now.table).lower().replace('_', '-')}"
    hatch = f"url(#{name}-hatch)"
    rows = table.rows
    largest = max((max(row.now or 0, row.before or 0) for row in rows), default=0) or 1
    pairs = (_pair(place, row, largest, hatch) for place, row in enumerate(rows))
    legend = ((_LABELS, _BLUE), (_LABELS + _LONGEST // 2, hatch))
    squares = (
        (left, fill, _BLUE, left + 20, period)
        for (left, fill), period in zip(legend, names, strict=True)
    )
    said = "、".join(
        f"{row.label}{row.now or 0}件（{names[1]}は{row.before or 0}件）" for row in rows
    )
    return format_html(
        _FRAME,
        width=_WIDTH,
        height=_PAIR * len(rows) + _TOP,
        name=name,
        font=_FONT,
        ink=_INK,
        blue=_BLUE,
        title=f"{table.now.table.label_ja}：{table.finding}",
        words=f"{table.now.table.label_ja}を{names[0]}と{names[1]}でくらべた横棒グラフ。{said}。",
        bars=format_html_join("", _LEGEND, squares) + format_html_join("", _ONE_PAIR, pairs),
    )


def _pair(place: int, row: Beside, largest: int, hatch: str) -> tuple[object, ...]:
    """Return what the SVG of a pair of bars is filled with."""
    top = _TOP + place * _PAIR + 2
    shown: list[object] = [_LABELS - 10, top + 20, row.label]
    for offset, number, fill in ((0, row.now or 0, _BLUE), (_THIN + 3, row.before or 0, hatch)):
        length = max(_LONGEST * number // largest, 1 if number else 0)
        shown += [_LABELS, top + offset, length, _THIN, fill, _BLUE]
        shown += [_LABELS + length + 8, top + offset + 12, number]
    return tuple(shown)
