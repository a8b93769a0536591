"""HTML into plain text: what a person would read aloud."""

import re
from html.parser import HTMLParser

_LONGEST = 1_000_000
_BLOCKS = frozenset(
    (
        *("address", "article", "blockquote", "dd", "div", "dl", "dt", "hr", "li", "ol", "p"),
        *("h1", "h2", "h3", "h4", "h5", "h6", "pre", "section", "table", "tr", "ul"),
    )
)
_SILENT = frozenset({"script", "style", "head", "title", "template", "svg"})
_BLANKS = re.compile(r"[ \t\r\n\f]+")


class _Reader(HTMLParser):
    """Gathers the lines of a page, and how deep in quotations each stands."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = [""]
        self._quoted = 0
        self._silent = 0
        self._to: list[str] = []

    def _break(self) -> None:
        if self.lines[-1]:
            self.lines.append("")

    def _say(self, words: str) -> None:
        if not self.lines[-1]:
            words = words.lstrip()
            if words and self._quoted:
                words = "> " * self._quoted + words
        self.lines[-1] += words

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a line, a quotation, or nothing."""
        said = dict(attrs)
        if tag in _SILENT:
            self._silent += 1
        elif tag == "br":
            self.lines.append("")
        elif tag in _BLOCKS:
            self._break()
            self._quoted += tag == "blockquote"
            if tag == "li":
                self._say("・")
        elif tag == "a":
            self._to.append(said.get("href") or "")
        elif tag == "img" and said.get("alt"):
            self._say(f"［{said['alt']}］")

    def handle_endtag(self, tag: str) -> None:
        """End what was begun."""
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag in _BLOCKS:
            self._break()
            self._quoted = max(0, self._quoted - (tag == "blockquote"))
            if tag == "p":
                self.lines.append("")
        elif tag == "a" and self._to:
            address = self._to.pop()
            # A link whose address is not what it says: the address is evidence.
            if address.startswith(("http:", "https:")) and address not in self.lines[-1]:
                self._say(f" <{address}>")

    def handle_data(self, data: str) -> None:
        """Say words, blanks run together."""
        if not self._silent:
            self._say(_BLANKS.sub(" ", data))


def text_of_html(html: str) -> str:
    """Return the words of `html`, line by line; quotations marked by "> "."""
    reader = _Reader()
    reader.feed(html[:_LONGEST])
    reader.close()
    text = "\n".join(line.rstrip().replace("\xa0", " ") for line in reader.lines)
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def unflowed(text: str, *, without_space: bool) -> str:
    """Return `format=flowed` text with its paragraphs whole again (RFC 3676)."""
    lines: list[str] = []
    is_open = False
    for line in text.split("\n"):
        words = line.removeprefix(" ") if line.startswith(" ") else line
        is_soft = words.endswith(" ") and words != "-- "
        kept = words[:-1] if is_soft and without_space else words
        if is_open and not words.startswith(">"):
            lines[-1] += kept
        else:
            lines.append(kept)
        is_open = is_soft and not words.startswith(">")
    return "\n".join(lines)
