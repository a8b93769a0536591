"""The file of a backup: a tar.gz whose first member says what is in it, with digests.

`manifest.json` (`madoguchi.backup/1`), then the members it names: `database.sqlite3` or
`database.pgdump`, `files/…`, and `key` where that was asked for. Any tar opens it, and
`sha256sum` proves it, without this program.
"""

import hashlib
import io
import json
import os
import tarfile
import zlib
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import IO, Any

FORMAT = "madoguchi.backup/1"
MANIFEST = "manifest.json"
_AT_ONCE = 1 << 20
_UNREADABLE = (OSError, EOFError, ValueError, KeyError, TypeError, tarfile.TarError, zlib.error)


class NoBackupError(ValueError):
    """This file is no backup of ours, or not whole, or changed. The message is safe to show."""


def _digest_of(source: IO[bytes], copy: IO[bytes] | None = None) -> str:
    digest = hashlib.sha256()
    while piece := source.read(_AT_ONCE):
        digest.update(piece)
        if copy:
            copy.write(piece)
    return digest.hexdigest()


def _member_of(name: str, path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        return {"name": name, "bytes": path.stat().st_size, "sha256": _digest_of(file)}


def write(out: Path, said: dict[str, Any], members: Iterable[tuple[str, Path]]) -> None:
    """Write a backup to `out`, for its owner's eyes alone; it appears whole or not at all."""
    listed = list(members)
    manifest = {
        "format": FORMAT,
        **said,
        "members": [_member_of(name, path) for name, path in listed],
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
    draft = out.with_name(f".{out.name}.part")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            with tarfile.open(fileobj=file, mode="w:gz") as tar:
                first = tarfile.TarInfo(MANIFEST)
                first.size, first.mode = len(text), 0o600
                tar.addfile(first, io.BytesIO(text))
                for name, path in listed:
                    tar.add(path, name, recursive=False)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(out)
    finally:
        draft.unlink(missing_ok=True)


def _manifest_in(tar: tarfile.TarFile) -> dict[str, Any]:
    first = tar.next()
    inside = tar.extractfile(first) if first and first.name == MANIFEST else None
    said = json.load(inside) if inside else None
    if not isinstance(said, dict) or said.get("format") != FORMAT:
        raise NoBackupError("このファイルは、Madoguchi の控えではありません。")
    return said


def manifest_of(file: Path) -> dict[str, Any]:
    """Return what the backup says of itself, or raise `NoBackupError`."""
    try:
        with tarfile.open(file, "r|gz") as tar:
            return _manifest_in(tar)
    except NoBackupError:
        raise
    except _UNREADABLE:
        raise NoBackupError("このファイルは、控えとして読めません。") from None


def _is_safe(name: str) -> bool:
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and str(path) == name != "."


def unpack(file: Path, folder: Path | None) -> dict[str, Any]:
    """Check every member against its digest, and lay it into `folder` where one is given.

    Raises `NoBackupError` where one is missing, changed, or was not named.
    """
    try:
        with tarfile.open(file, "r|gz") as tar:
            said = _manifest_in(tar)
            expected = {member["name"]: member["sha256"] for member in said["members"]}
            while member := tar.next():
                _take(tar, member, expected.pop(member.name, None), folder)
    except NoBackupError:
        raise
    except _UNREADABLE:
        raise NoBackupError("控えが途中で切れているか、こわれています。") from None
    if expected:
        raise NoBackupError("控えに、目録にあるはずのものが足りません。")
    return said


def _take(
    tar: tarfile.TarFile, member: tarfile.TarInfo, digest: str | None, folder: Path | None
) -> None:
    """Check one member, and lay it into `folder`."""
    if digest is None or not _is_safe(member.name):
        raise NoBackupError("控えに、目録にないものが入っています。")
    if _lay(tar, member, folder) != digest:
        raise NoBackupError("控えの中身が、目録の記録と合いません（書きかわり）。")


def _lay(tar: tarfile.TarFile, member: tarfile.TarInfo, folder: Path | None) -> str:
    inside = tar.extractfile(member)
    if inside is None:
        raise NoBackupError("控えに、ファイルでないものが入っています。")
    if folder is None:
        return _digest_of(inside)
    place = folder / member.name
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as copy:
        return _digest_of(inside, copy)
