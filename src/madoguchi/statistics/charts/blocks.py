"""Charts of a document's tables: bars of one column, and in outline those of the year before."""

from collections.abc import Iterator

from django.utils.html import format_html, format_html_join

from madoguchi.statistics.presenting.document import Block, Line

_WIDTH = 640
_LABELS = 120
_LONGEST = 430
_FULL = 14  # one full-width letter
_WIDEST = 320
_BAR = 16
_GAP = 10
_FONT = "BIZ UDPGothic, BIZ UDPゴシック, Hiragino Sans, Noto Sans CJK JP, sans-serif"
_BLUE = "#0017c1"
_FRAME = (
    '<svg class="chart" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
    'width="{width}" height="{height}" role="img" aria-labelledby="{name}-title {name}-words" '
    'font-family="{font}" font-size="14" fill="#1a1a1a">'
    '<title id="{name}-title">{title}</title><desc id="{name}-words">{words}</desc>{bars}</svg>'
)
_BARS = (
    '<rect x="{}" y="{}" width="{}" height="{}" fill="{}" stroke="{}"/>'
    '<text x="{}" y="{}" font-size="13">{}</text>'
)
_LABEL = '<text x="{}" y="{}" text-anchor="end">{}</text>'


def described(block: Block) -> str:
    """Return the chart in words, for who cannot see it."""
    columns = [block.columns[at] for at in _columns(block)]
    lines = "、".join(
        f"{line.label}は{'、'.join(str(line.cells[at]) for at in _columns(block))}"
        for line in block.drawn
    )
    return f"{block.title}の横棒グラフ（{'と'.join(columns)}）。{lines}。"


def chart_of(block: Block) -> str:
    """Return the drawn columns of `block` as bars (safe SVG); "" where none is drawn."""
    lines = block.drawn
    if not lines:
        return ""
    largest = max((_number(line, at) for line in lines for at in _columns(block)), default=0)
    step = _BAR * len(_columns(block)) + _GAP
    begin = min(_WIDEST, max(_LABELS, *(_FULL * len(it.label) + 20 for it in lines)))
    labels = ((begin - 10, at * step + 16, it.label) for at, it in enumerate(lines))
    bars = (
        bar for at, it in enumerate(lines) for bar in _bars(block, it, (begin, at * step), largest)
    )
    return format_html(
        _FRAME,
        width=_WIDTH,
        height=step * len(lines) + 4,
        name=f"chart-{block.id}",
        font=_FONT,
        title=f"{block.title}：{block.finding}",
        words=described(block),
        bars=format_html_join("", _LABEL, labels) + format_html_join("", _BARS, bars),
    )


def _columns(block: Block) -> list[int]:
    """Return which columns are drawn: this year's first."""
    return [it for it in (block.bars, block.beside) if it is not None]


def _number(line: Line, at: int) -> int:
    cell = line.cells[at]
    return cell if isinstance(cell, int) else 0


def _bars(
    block: Block, line: Line, corner: tuple[int, int], largest: int
) -> Iterator[tuple[object, ...]]:
    """Return what the SVG of a line's bars is filled with; they begin at `corner`."""
    begin, top = corner
    longest = _LABELS + _LONGEST - begin
    for place, at in enumerate(_columns(block)):
        number = _number(line, at)
        length = max(longest * number // (largest or 1), 1 if number else 0)
        own_top = top + 3 + place * _BAR
        is_filled = at == block.bars
        fill = _BLUE if is_filled else "#ffffff"
        yield (
            *(begin, own_top, length, _BAR - 3, fill, _BLUE),
            *(begin + length + 8, own_top + 12, line.cells[at]),
        )
