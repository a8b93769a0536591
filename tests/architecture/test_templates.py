"""Templates: short, without scripts or styles of their own, safe by default."""

import re
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "src" / "madoguchi"
TEMPLATES = sorted(PACKAGE.rglob("templates/**/*.html"))
FORBIDDEN = {
    "an inline style": r"<style|<[a-z][^<>]*\sstyle\s*=\s*[\"']",
    "an inline script": r"<script(?![^>]*\ssrc=)|\son[a-z]+\s*=\s*[\"']|javascript:|\shx-on",
    "somebody else's address": r"<(?:script|link|img|iframe|form)[^>]*\s(?:src|href|action)=\"(?:https?:)?//",
    "markup from data": r"\|\s*safe\b|autoescape\s+off",
    "a form that does not say how it is sent": r"<form(?![^>]*method=\"(?:post|get)\")",
}

each_template = pytest.mark.parametrize(
    "path", TEMPLATES, ids=[path.relative_to(PACKAGE).as_posix() for path in TEMPLATES]
)


def test_there_are_templates() -> None:
    assert TEMPLATES


@each_template
def test_a_template_is_short(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 120


@each_template
@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_template_holds(path: Path, what: str) -> None:
    assert not re.findall(FORBIDDEN[what], path.read_text())


@pytest.mark.parametrize(
    ("what", "text"),
    [
        ("an inline style", '<p style="color:red">'),
        ("an inline script", '<a onclick="x()">'),
        ("an inline script", "<script>alert(1)</script>"),
        ("an inline script", '<div hx-on:click="x">'),
        ("somebody else's address", '<script src="https://example.org/x.js">'),
        ("markup from data", "{{ story|safe }}"),
        ("a form that does not say how it is sent", '<form action="/x">'),
    ],
)
def test_the_search_finds(what: str, text: str) -> None:
    assert re.search(FORBIDDEN[what], text)
