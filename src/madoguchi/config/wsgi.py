"""The door that gunicorn opens."""

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.core.wsgi import get_wsgi_application
from django.utils.http import parse_header_parameters

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "madoguchi.config.settings")

_django = get_wsgi_application()


def application(environ: dict[str, Any], start_response: "StartResponse") -> Iterable[bytes]:
    """Answer a request; a content type that cannot be read counts as none.

    Django reads it before any of its own guards stand (`charset*=zz''…` is a LookupError).
    """
    try:
        parse_header_parameters(environ.get("CONTENT_TYPE", ""))
    except (LookupError, ValueError):
        environ["CONTENT_TYPE"] = ""
    return _django(environ, start_response)
