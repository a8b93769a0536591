"""See to it that PDFs can be set in Japanese: BIZ UDPGothic (OFL-1.1), as TrueType.

The system's own font will do. Else it comes from the npm registry (with npm's settings, by
a pinned digest, into the environment) or, for root, from Debian's packages. Where none of
this may be, all else works, and a PDF says what is missing.
"""

import base64
import hashlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from tools import debian

PACKAGE = "@expo-google-fonts/biz-udpgothic@0.4.2"
SHA512 = "HySo5PUz//XzvqKTKiOcgvdFuyPvJBIrnhhEW7l+Q1sqxblzzHuXhIaiYx4VdLjLbNA1fNaMdTgM7wj2k1FYBQ=="
FILES = ("400Regular/BIZUDPGothic_400Regular.ttf", "700Bold/BIZUDPGothic_700Bold.ttf")
DEBIAN = "fonts-morisawa-bizud-gothic"
SYSTEM = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".fonts")
OURS = Path(sys.prefix) / "share" / "fonts"


def found() -> bool:
    """Tell whether there is a BIZ UDPGothic already."""
    return any(next(place.rglob("BIZUDP*"), None) for place in (OURS, *SYSTEM) if place.exists())


def from_npm() -> None:
    """Fetch the package with npm, check its digest, keep its two files."""
    if not (npm := shutil.which("npm")):
        return
    with tempfile.TemporaryDirectory() as folder:
        command = [npm, "pack", PACKAGE, "--silent", "--pack-destination", folder]
        if subprocess.run(command, cwd=folder, capture_output=True, check=False).returncode:
            return
        [packed] = Path(folder).glob("*.tgz")
        digest = base64.b64encode(hashlib.sha512(packed.read_bytes()).digest()).decode()
        if digest != SHA512:
            print(f"{PACKAGE} is not what it was: not used", file=sys.stderr)
            return
        OURS.mkdir(parents=True, exist_ok=True)
        with tarfile.open(packed) as archive:
            for name in FILES:
                member = archive.extractfile(f"package/{name}")
                assert member is not None, name
                (OURS / Path(name).name).write_bytes(member.read())


def from_debian() -> None:
    """Ask Debian's packages."""
    debian.install(DEBIAN)


def main() -> None:
    """Try each way until there is a font; never stop an installation for want of one."""
    for way in (from_npm, from_debian):
        if found():
            return
        way()
    if not found():
        print(
            f"No Japanese font for PDFs. On Debian: apt-get install {DEBIAN}",
            file=sys.stderr,
        )


if __name__ == "__main__":
    main()
