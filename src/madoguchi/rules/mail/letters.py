"""Bytes of mail into letters, whatever they call themselves.

Much Japanese mail says `iso-2022-jp` and holds letters which that standard does not have
(①, ㈱, 髙, half-width kana), or says nothing and is Shift_JIS. What cannot be read at all
becomes U+FFFD: nothing here raises.
"""

import re
import unicodedata
from email.errors import HeaderParseError
from email.header import decode_header

_JIS = "jis"
# What a mail says → what it means.
_MEANT = {
    "iso-2022-jp": _JIS,
    "iso-2022-jp-1": _JIS,
    "iso-2022-jp-2": _JIS,
    "iso-2022-jp-3": _JIS,
    "iso-2022-jp-ms": _JIS,
    "cp50220": _JIS,
    "cp50221": _JIS,
    "csiso2022jp": _JIS,
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
    "sjis": "cp932",
    "windows-31j": "cp932",
    "ms_kanji": "cp932",
    "cp51932": "euc_jp",
    "x-euc-jp": "euc_jp",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "iso-8859-1": "cp1252",
    "unicode-1-1-utf-7": "utf-7",
}
_ESCAPE = re.compile(rb"\x1b(\$@|\$B|\$\([DOPQ]|\([BJIH])")
_KANA = re.compile("[ぁ-んァ-ヶー、。]")
_UNTYPED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def letters_in(data: bytes, charset: str | None = None) -> str:
    """Return the letters that `data` holds, which says of itself that it is in `charset`."""
    said = _MEANT.get((charset or "").strip().casefold(), (charset or "").strip())
    if b"\x1b$" in data:
        said = _JIS
    if said == _JIS:
        return tidied(_from_jis(data))
    strictly = _strictly(data, said) if said.isascii() and said else None
    return tidied(_guessed(data) if strictly is None else strictly)


def _strictly(data: bytes, charset: str) -> str | None:
    """Return the letters, or None where `data` is not in `charset` (or nobody knows what it is)."""
    try:
        return data.decode(charset)
    except (LookupError, ValueError, TypeError):
        return None


def _guessed(data: bytes) -> str:
    """Return the letters of bytes that said nothing true: UTF-8, else what has the most kana."""
    plain = _strictly(data, "utf-8-sig")
    if plain is not None:
        return plain
    readings = [_strictly(data, name) for name in ("cp932", "euc_jp", "euc_jis_2004")]
    sound = [it for it in readings if it is not None]
    if sound:
        return max(sound, key=lambda text: len(_KANA.findall(text)))
    return max(
        (data.decode(name, "replace") for name in ("utf-8", "cp932")),
        key=lambda text: len(_KANA.findall(text)) - text.count("\ufffd"),
    )


def _from_jis(data: bytes) -> str:
    """Return the letters of ISO-2022-JP with all that is in use under that name."""
    pieces = _ESCAPE.split(data)
    words = [pieces[0].decode("ascii", "replace")]
    for escape, piece in zip(pieces[1::2], pieces[2::2], strict=True):
        # Who forgot to shift back does so at the end of the line.
        line, end, rest = piece.partition(b"\n")
        words += [_shifted(escape, line), (end + rest).decode("ascii", "replace")]
    return "".join(words)


def _shifted(escape: bytes, piece: bytes) -> str:
    if escape in {b"$@", b"$B"}:
        return _two_by_two(piece).decode("cp932", "replace")
    if escape == b"(I":
        return bytes(byte | 0x80 for byte in piece).decode("cp932", "replace")
    if escape.startswith(b"$("):
        return (b"\x1b" + escape + piece).decode("iso2022_jp_2004", "replace")
    return piece.decode("ascii", "replace")


def _two_by_two(piece: bytes) -> bytes:
    """Return the bytes of JIS X 0208 as Shift_JIS, which has the vendors' letters too."""
    shifted = bytearray()
    for first, second in zip(piece[::2], piece[1::2], strict=False):
        row, cell = first - 0x21, second - 0x21
        if not (0 <= row < 94 and 0 <= cell < 94):  # noqa: PLR2004 (94 rows of 94 cells)
            shifted += b"?"
            continue
        shifted.append(row // 2 + (0x81 if row < 62 else 0xC1))  # noqa: PLR2004 (a gap of its own)
        odd = cell + (0x40 if cell < 63 else 0x41)  # noqa: PLR2004 (0x7F is left out)
        shifted.append(cell + 0x9F if row % 2 else odd)
    return bytes(shifted)


def tidied(text: str) -> str:
    """Return `text` composed (NFC), its lines ending in one way, without what nobody types."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", _UNTYPED.sub("", plain))


def header_words(raw: str) -> str:
    """Return what a header says, in one line, encoded properly or not at all."""
    bare = raw.encode("utf-8", "surrogateescape")
    if not bare.isascii() or b"\x1b" in bare:
        return " ".join(letters_in(bare).split())
    try:
        pieces = decode_header(re.sub(r"\r?\n[ \t]+", " ", raw))
    except (HeaderParseError, ValueError):
        return " ".join(tidied(raw).split())
    said = [
        letters_in(piece, charset) if isinstance(piece, bytes) else tidied(piece)
        for piece, charset in pieces
    ]
    return " ".join("".join(said).split())
