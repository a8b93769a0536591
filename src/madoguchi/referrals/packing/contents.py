"""consultation.json: what a packet tells, as data. Its schema is published and shipped."""

import json
from functools import cache
from importlib import resources
from typing import Any

import jsonschema_rs

from madoguchi.referrals.packing import UnreadablePacketError

FORMAT = "madoguchi.handover/1"
NAME = "consultation.json"
_MOST_BYTES = 2_000_000

Content = dict[str, Any]


def schema_text() -> str:
    """Return the JSON Schema of consultation.json."""
    file = resources.files("madoguchi.referrals").joinpath("data", "handover-1.schema.json")
    return file.read_text("utf-8")


@cache
def _validator() -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(json.loads(schema_text()), validate_formats=True)


def written(content: Content) -> bytes:
    """Return `content` as it lies in the packet: what the digest covers."""
    return json.dumps(content, ensure_ascii=False, indent=1).encode()


def read(text: bytes) -> Content:
    """Return a consultation.json that keeps to the schema, or raise `UnreadablePacketError`."""
    if len(text) > _MOST_BYTES:
        raise UnreadablePacketError("too long")
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnreadablePacketError("not JSON") from error
    if not _validator().is_valid(content):
        raise UnreadablePacketError("not of the schema")
    found: Content = content
    return found
