"""Files that come in by a form: held in memory, and only by pages that take them.

Django would write a large file to the disk as it comes. Here nothing is written anywhere
until it is sealed, and what is too large is not held at all.
"""

from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import RequestDataTooBig, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from madoguchi.rules.files import (
    MOST_BYTES,
    MOST_BYTES_TOGETHER,
    Chosen,
    Given,
    Media,
    Turned,
    sorted_out,
)

# The words of a form, beside its files.
_WORDS = 1_000_000
# Read to its end (and thrown away) so that the sender sees a page which says why; above
# that the answer comes at once, and most browsers show only that the way was cut.
_MOST_READ = 100_000_000

SENTENCES = {
    "files-too-many": _("いちどに送れるのは、10個までです。分けて送ってください。"),
    "file-too-large": _("1つ20MB、あわせて30MBまで送れます。小さくするか、分けて送ってください。"),
    "file-kind": _("送れるのは、画像（JPEG・PNG・WebP・GIF・HEIC）とPDFだけです。"),
    "files-together": _("あわせて30MBまで送れます。これは、分けて送ってください。"),
    "files-full": _("この相談に置けるファイルの数を、こえます。相談員に聞いてください。"),
}


def takes_files(
    allowed: Callable[[HttpRequest], bool],
) -> Callable[[Callable[..., HttpResponseBase]], Callable[..., Any]]:
    """Let a page take files from who is `allowed`; from anybody else they are not read."""

    def marked(view: Callable[..., HttpResponseBase]) -> Callable[..., Any]:
        view.takes_files = allowed  # type: ignore[attr-defined]
        return view

    return marked


class Upload(UploadedFile):  # type: ignore[type-arg]
    """A file in memory; `is_cut` where it was too large to be held."""

    def __init__(self, name: str, content: bytes, *, is_cut: bool) -> None:
        """Hold `content`."""
        super().__init__(name=name, size=len(content))
        self.given = Given(name=self.name or "", content=content, is_cut=is_cut)


class InMemory(FileUploadHandler):
    """Holds files in memory up to what the rules allow, for pages that take files."""

    def handle_raw_input(
        self,
        input_data: Any,
        META: Any,  # noqa: N803 (Django's name)
        content_length: int,
        boundary: Any,
        encoding: str | None = None,
    ) -> None:
        """Look at how much is announced before anything is read."""
        del input_data, META, boundary, encoding
        assert self.request is not None
        match = self.request.resolver_match
        allowed = getattr(match.func, "takes_files", None) if match else None
        if content_length > (_MOST_READ if allowed else _WORDS):
            raise RequestDataTooBig("more than any page here takes")
        self.is_open = bool(allowed and allowed(self.request))
        self.held = 0

    def new_file(self, *args: Any, **said: Any) -> None:
        """Begin a file, or pass it by."""
        super().new_file(*args, **said)
        if not self.is_open:
            raise SkipFile
        self.pieces: list[bytes] = []
        self.size, self.is_cut = 0, False

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Hold one more piece, unless the file is too large already."""
        del start
        self.size += len(raw_data)
        # One file that is too large keeps no other out.
        if self.size > MOST_BYTES or self.held + self.size > MOST_BYTES_TOGETHER:
            self.is_cut = True
        if self.is_cut:
            self.pieces.clear()
        else:
            self.pieces.append(raw_data)

    def file_complete(self, file_size: int) -> Upload:
        """Return the file."""
        del file_size
        content = b"".join(self.pieces)
        self.pieces = []
        self.held += len(content)
        return Upload(self.file_name or "", content, is_cut=self.is_cut)


class _Several(forms.ClearableFileInput):
    """A choice of several files, without what Django draws beside one that is there."""

    allow_multiple_selected = True
    template_name = "django/forms/widgets/input.html"

    def __init__(self) -> None:
        """Offer what is taken. Telephones then send JPEG instead of HEIC of themselves."""
        endings = ["image/jpeg", "image/png", "image/webp", "image/gif", "application/pdf"]
        super().__init__({"multiple": True, "accept": ",".join(endings), "class": "files"})

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """Return all that was chosen."""
        del data
        return files.getlist(name) if hasattr(files, "getlist") else files.get(name)

    def use_required_attribute(self, initial: Any) -> bool:
        """Ask the server, not the browser."""
        del initial
        return False


class FilesField(forms.Field):
    """ファイル: some files. Those that the rules allow are taken, the others named."""

    widget = _Several

    def clean(self, value: Any) -> Chosen:
        """Return the files; refused, each by its name, only where none of them can be taken."""
        chosen = value if isinstance(value, list) else [value]
        files = sorted_out([it.given for it in chosen if isinstance(it, Upload)])
        if self.required and not (files.taken or files.turned):
            raise ValidationError(self.error_messages["required"], code="required")
        if files.turned and not files.taken:
            faults = [ValidationError(turned_away(it), code=it.why) for it in files.turned]
            raise ValidationError(faults)
        return files


def turned_away(file: Turned) -> str:
    """Say which file was not taken, and why: by its name, to who chose it and to nobody else."""
    named = {"name": file.name, "place": file.place, "why": SENTENCES[file.why]}
    if not file.name:
        return gettext("%(place)sつめのファイル：%(why)s") % named
    return gettext("%(place)sつめ「%(name)s」：%(why)s") % named


def ending_of(media: Media) -> str:
    """Return how a kind of file is called in a sentence."""
    return media.ending.upper().replace("JPG", "JPEG").replace("WEBP", "WebP")
