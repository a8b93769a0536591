"""What other desks send to a prefecture that gathers (とりまとめ), and sending it by the page."""

import csv
import io
import re
from collections.abc import Iterable, Mapping

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from madoguchi.rules.contact_records import COLUMNS

ASKED = "part=any&first=2025-04-01&last=2025-09-30&basis=case-month"
PAGE = f"/stats/gathering/?{ASKED}"
HEAD = "受付日時,相談者,内容,手法,年代,状況,侵害種別,対応"


def records(rows: Iterable[Mapping[str, str]]) -> bytes:
    """Return contacts as a file of contact records."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def lines(*rows: str) -> bytes:
    """Return contacts, typed out, as a file of contact records."""
    return "\n".join([HEAD, *rows]).encode()


def expect(client: Client, *names: str) -> None:
    """Write down whose figures are expected."""
    for name in names:
        client.post(f"/stats/gathering/senders/?{ASKED}", {"name": name})


def sender_called(client: Client, name: str) -> str:
    """Return the id of a sender, as the page knows it."""
    page = client.get(PAGE).content.decode()
    found = re.search(rf'<option value="([^"]+)"[^>]*>{name}<', page)
    assert found
    return found.group(1)


def sent(client: Client, name: str, content: bytes, file: str = "figures.csv") -> str:
    """Send a file of the sender called `name`; return the page that follows."""
    data = {"sender": sender_called(client, name), "file": SimpleUploadedFile(file, content)}
    answer = client.post(f"/stats/gathering/send/?{ASKED}", data, follow=True)
    return answer.content.decode()
