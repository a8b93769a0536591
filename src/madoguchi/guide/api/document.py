"""The API described as OpenAPI 3.1, from the same lists by which answers are read."""

from typing import Any

from madoguchi.directory.windows import CAPABILITIES, WINDOW_IDS
from madoguchi.rules.guidance.answers import ONE_OF, SEVERAL_OF, YES_OR_NO

MOST_LETTERS = 4_000
_TEXT = {"type": "string"}
_LIST_OF_TEXTS = {"type": "array", "items": _TEXT}
_SPOKEN_IN_THREE = ("name", "operator", "role", "who", "asks")


def document() -> dict[str, Any]:
    """Return the description, ready for JSON."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Madoguchi: the guide and its windows",
            "version": "1",
            "description": (
                "Answers in, windows out: the same as `madoguchi guide` and `madoguchi windows` "
                "say. No key, no cookie, no session; nothing sent is kept or logged."
            ),
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": {
            "/api/guide/": {"get": _leads_to_this(), "post": _asks_the_guide()},
            "/api/windows/": {
                "get": _tells("listWindows", "Every window, and the matrix", "Directory")
            },
            "/api/windows/hsds/": {
                "get": _tells("listServices", "Every window as an HSDS 3.0 service", "Services")
            },
            "/api/windows/{id}/": {"get": _tells_one_window()},
            "/api/openapi.json": {"get": _tells("describe", "This description", "Description")},
        },
        "components": {"schemas": _schemas()},
    }


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def _content(name: str, media: str = "application/json") -> dict[str, Any]:
    return {media: {"schema": _ref(name)}}


def _problem(said: str) -> dict[str, Any]:
    return {"description": said, "content": _content("Problem", "application/problem+json")}


def _tells(operation: str, summary: str, schema: str) -> dict[str, Any]:
    return {
        "operationId": operation,
        "summary": summary,
        "responses": {"200": {"description": summary, "content": _content(schema)}},
    }


def _tells_one_window() -> dict[str, Any]:
    told = _tells("readWindow", "One window", "Window")
    told["parameters"] = [
        {"name": "id", "in": "path", "required": True, "schema": {"enum": list(WINDOW_IDS)}}
    ]
    told["responses"]["404"] = _problem("No window has this id")
    return told


def _leads_to_this() -> dict[str, Any]:
    return {
        "operationId": "explainGuide",
        "summary": "Leads to this description",
        "responses": {"303": {"description": "See `Location`"}},
    }


def _asks_the_guide() -> dict[str, Any]:
    return {
        "operationId": "askGuide",
        "summary": "The windows that fit somebody's answers or own words",
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {
                    "schema": {"anyOf": [_ref("Answers"), _ref("Words")]},
                    "examples": {
                        "answers": {"value": {"happened": "a", "kinds": ["a1"], "wants": ["w2"]}},
                        "words": {"value": {"text": "なりすましのアカウントを消したい"}},
                    },
                }
            },
        },
        "responses": {
            "200": {"description": "Windows, best first", "content": _content("Guidance")},
            "400": _problem("The body is not JSON"),
            "413": _problem("The body is longer than 64 KB"),
            "415": _problem("The body is not said to be application/json"),
            "422": _problem("An answer is not known; `key` names it"),
        },
    }


def _answers() -> dict[str, Any]:
    """Return the schema of the answers: every key may be left out or null."""
    one = {key: {"enum": [*values, None]} for key, values in ONE_OF.items()}
    several = {
        key: {"type": ["array", "null"], "items": {"enum": list(values)}}
        for key, values in SEVERAL_OF.items()
    }
    yes_or_no = {key: {"type": ["boolean", "null"]} for key in YES_OR_NO}
    return {
        "type": "object",
        "description": "Whatever somebody told; what is left out is not said.",
        "properties": one | several | yes_or_no,
        "additionalProperties": False,
    }


def _object(required: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "object", "required": list(required), "properties": required | more}


def _several(**required: Any) -> dict[str, Any]:
    return {"type": "array", "items": _object(required)}


def _schemas() -> dict[str, Any]:
    return {
        "Answers": _answers(),
        "Words": _words(),
        "Problem": _problem_told(),
        "Guidance": _guidance(),
        "Window": _window(),
        "Directory": _object(
            {
                "format": {"const": "madoguchi.windows/1"},
                "edition": _TEXT,
                "as_of": {"type": "string", "format": "date"},
                "windows": {"type": "array", "items": _ref("Window")},
                "matrix": {"type": "object"},
            }
        ),
        "Services": _several(id={"type": "string", "format": "uuid"}, name=_TEXT, status=_TEXT),
        "Description": _object({"openapi": _TEXT, "info": {"type": "object"}}),
    }


def _words() -> dict[str, Any]:
    text = {"type": "string", "maxLength": MOST_LETTERS}
    return _object({"text": text}) | {
        "additionalProperties": False,
        "description": "What happened, in somebody's own words (Japanese or English).",
    }


def _problem_told() -> dict[str, Any]:
    return _object(
        {
            "type": {"type": "string", "format": "uri"},
            "title": _TEXT,
            "status": {"type": "integer"},
            "detail": {"type": "string", "description": "How to mend it, in Japanese"},
            "detail_en": {"type": "string", "description": "The same in English"},
        },
        key={"type": "string", "description": "The answer that is not known"},
        allowed=_LIST_OF_TEXTS
        | {"description": "The values that `key` may have, or the keys there are"},
    )


def _guidance() -> dict[str, Any]:
    name = {"enum": list(WINDOW_IDS)}
    return _object(
        {
            "format": {"const": "madoguchi.guide/1"},
            "edition": _TEXT,
            "as_of": {"type": "string", "format": "date"},
            "urgent": {"type": "boolean"},
            "emergency": _several(
                id=_TEXT, number=_TEXT, name_ja=_TEXT, unconfirmed={"type": "boolean"}
            ),
            "windows": _several(
                id=name,
                rank={"type": "integer", "minimum": 1},
                does={"type": "array", "items": {"enum": sorted(CAPABILITIES)}},
                why_ja=_TEXT,
                why_en=_TEXT,
                limits_ja=_LIST_OF_TEXTS,
                limits_en=_LIST_OF_TEXTS,
            ),
            "not_for_you": _several(id=name, why_ja=_TEXT, why_en=_TEXT),
            "advice": _several(id=_TEXT, text_ja=_TEXT, text_en=_TEXT),
        },
        understood=_ref("Answers"),
    )


def _window() -> dict[str, Any]:
    spoken = {
        f"{name}_{language}": _TEXT
        for name in _SPOKEN_IN_THREE
        for language in ("ja", "easy", "en")
    }
    return _object(
        {
            "id": {"enum": list(WINDOW_IDS)},
            **spoken,
            "does": {"type": "array", "items": {"enum": sorted(CAPABILITIES)}},
            "can_ja": _LIST_OF_TEXTS,
            "cannot_ja": _LIST_OF_TEXTS,
            "url": _TEXT,
            "channels": _several(kind=_TEXT, label_ja=_TEXT, label_en=_TEXT, cost_ja=_TEXT),
            "sources": _LIST_OF_TEXTS,
            "doubts": _LIST_OF_TEXTS,
            "checked_on": {"type": "string", "format": "date"},
        }
    )
