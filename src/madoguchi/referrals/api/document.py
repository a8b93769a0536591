"""The exchange between installations, described as OpenAPI 3.1."""

from typing import Any

_HEADERS = {
    "Content-Digest": "RFC 9530: sha-256=:…: of the body",
    "Madoguchi-To": "the receiving desk's public key of age",
    "Signature-Input": (
        'RFC 9421: sig1=("@method" "@path" "content-digest" "madoguchi-to");created=…;'
        'nonce="…";keyid="…";alg="ed25519"; good once, and for five minutes'
    ),
    "Signature": "RFC 9421: sig1=:…:, by Ed25519",
}
_PROBLEMS = {
    "403": "Nobody known has signed this just now (or it came a second time)",
    "409": "Refused; `type` says by which rule",
    "413": "Longer than 45 MB",
    "422": "Not locked for this desk, no bag, or not of the schema",
}


def document() -> dict[str, Any]:
    """Return the description, ready for JSON."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Madoguchi: hand-over between installations",
            "version": "1",
            "description": (
                "Desks that exchanged their cards hand people over to each other. Every request "
                "is signed; every body is locked for the receiver with age."
            ),
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": _paths("/api/handover/{desk}"),
    }


def _paths(place: str) -> dict[str, Any]:
    return {
        f"{place}/packets/{{handover}}/": {
            "parameters": _parameters(),
            "put": _asks("putPacket", "Hand over: a bag (RFC 8493), locked", True)
            | _answers({"201": "It has come", "200": "It had come before: the same packet"}),
            "delete": _asks("recallPacket", "Call back what nobody has taken up", False)
            | _answers({"200": "It is gone"}),
        },
        f"{place}/sayings/{{handover}}/": {
            "parameters": _parameters(),
            "put": _asks("putSaying", "Say what became of it: JSON, locked", True)
            | _answers({"200": "Heard"}),
        },
        "/api/handover/openapi.json": {
            "get": {
                "operationId": "describeHandover",
                "summary": "This description",
                "responses": {"200": {"description": "This description"}},
            }
        },
    }


def _parameters() -> list[dict[str, Any]]:
    return [
        {"name": "desk", "in": "path", "required": True, "schema": {"type": "string"}},
        {
            "name": "handover",
            "in": "path",
            "required": True,
            "schema": {"type": "string", "format": "uuid"},
        },
    ]


def _asks(operation: str, summary: str, has_body: bool) -> dict[str, Any]:  # noqa: FBT001
    headers = [
        {
            "name": name,
            "in": "header",
            "required": True,
            "description": said,
            "schema": {"type": "string"},
        }
        for name, said in _HEADERS.items()
    ]
    body = {"required": True, "content": {"application/octet-stream": {}}}
    asked: dict[str, Any] = {"operationId": operation, "summary": summary, "parameters": headers}
    return asked | ({"requestBody": body} if has_body else {})


def _answers(good: dict[str, str]) -> dict[str, Any]:
    return {"responses": {code: {"description": said} for code, said in (good | _PROBLEMS).items()}}
