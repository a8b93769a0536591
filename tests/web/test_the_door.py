"""What comes in before Django's own guards stand."""

from wsgiref.util import setup_testing_defaults

import pytest

from madoguchi.config.wsgi import application

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "content_type", ["text/plain; charset*=zz''%41", "text/plain; charset*=utf-8''%ff", ";;;=", ""]
)
def test_a_content_type_that_cannot_be_read_is_no_trouble_of_ours(content_type: str) -> None:
    statuses: list[str] = []
    environ: dict[str, object] = {"CONTENT_TYPE": content_type, "PATH_INFO": "/nowhere/"}
    setup_testing_defaults(environ)
    environ["HTTP_HOST"] = "localhost"
    b"".join(application(environ, lambda status, *_rest: statuses.append(status)))  # type: ignore[arg-type]
    assert statuses == ["404 Not Found"]
