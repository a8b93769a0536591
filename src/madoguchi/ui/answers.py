"""Answers that are no pages: a picture drawn by us, a file to be kept."""

from django.http import HttpResponse

# Whatever a browser makes of it, it is shown alone: no script, no plug-in, no address of ours.
_ALONE = "default-src 'none'; sandbox"


def as_picture(drawn: bytes) -> HttpResponse:
    """Answer with a JPEG of ours."""
    return HttpResponse(drawn, content_type="image/jpeg")


def as_download(content: bytes, name: str, media: str = "application/octet-stream") -> HttpResponse:
    """Answer with a file that the browser keeps and does not show. `name` tells nothing."""
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Content-Security-Policy": _ALONE,
    }
    return HttpResponse(content, content_type=media, headers=headers)
