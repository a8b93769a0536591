"""What is new in a mail, and the earlier talk that mail programs put below it.

Gently: only what stands at the end is taken for history, and where nothing would be left,
everything is new. Answers written between quoted lines stay where they are.
"""

import re

# From here on everything is earlier talk, marked line by line or not.
_ALL_BELOW = re.compile(
    r"""^\s*(?:
        -{2,}\s*(?:Original\s+Message|Forwarded\s+message|元のメッセージ|元のメール|転送メッセージ)\s*-{2,}
        | Begin\ forwarded\ message:
    )\s*$""",
    re.VERBOSE | re.IGNORECASE,
)
# A line that says who wrote what follows.
_WROTE = re.compile(
    r"""^\s*(?:
        On\b.{5,200}\bwrote:
        | \d{4}[年/.-]\s?\d{1,2}[月/.-]\s?\d{1,2}.{0,200}(?:[:：]|のメール[:：]?|書きました[。:：]?)
        | .{1,120}(?:さん(?:は|が)書きました|のメール)[。:：]
    )\s*$""",
    re.VERBOSE,
)
# Outlook's block: two such lines running.
_HEAD = re.compile(
    r"^\s*\*?(?:From|Sent|To|Cc|Subject|Date|差出人|送信者|送信日時|日時|宛先|件名)\s*[:：]\*?",
    re.IGNORECASE,
)
_RULE = re.compile(r"^\s*[_-]{8,}\s*$")
_QUOTED = re.compile(r"^\s*[>＞|｜]")


def parted(text: str) -> tuple[str, str]:
    """Return what is new in `text`, and the history below it ("" where there is none)."""
    lines = text.split("\n")
    start = _start_of_history(lines)
    new, old = "\n".join(lines[:start]).strip("\n"), "\n".join(lines[start:]).strip("\n")
    return (new, old) if new.strip() else (text.strip("\n"), "")


def _start_of_history(lines: list[str]) -> int:
    for number, line in enumerate(lines):
        if _ALL_BELOW.match(line):
            return number
        if _is_head(lines, number):
            return number - bool(number and _RULE.match(lines[number - 1]))
    return _start_of_tail(lines)


def _is_head(lines: list[str], number: int) -> bool:
    block = lines[number : number + 3]
    return len(block) > 2 and all(_HEAD.match(line) for line in block)  # noqa: PLR2004


def _start_of_tail(lines: list[str]) -> int:
    """Return where the quoted lines at the end begin, with the line that says who wrote them."""
    start = len(lines)
    for number in range(len(lines) - 1, -1, -1):
        line = lines[number]
        if _QUOTED.match(line):
            start = number
        elif line.strip():
            break
    if start == len(lines):
        return start
    last = next((number for number in range(start - 1, -1, -1) if lines[number].strip()), start)
    # A long line of this kind is broken in two by the programs that write it.
    for number in (last, last - 1):
        if number >= 0 and _WROTE.match("".join(lines[number : last + 1])):
            return number
    return start
