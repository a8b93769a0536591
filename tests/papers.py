"""Files as people send them, made here: a photograph that tells too much, papers, a false one."""

import io

from PIL import Image, ImageDraw
from PIL.TiffImagePlugin import IFDRational

from madoguchi.rules.files import Given

# The test file of the makers of virus scanners. In two parts, or our own files would be "infected".
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-" + rb"ANTIVIRUS-TEST-FILE!$H+H*"
CAMERA = "SecretCamera 9000"


def picture(words: str = "", size: tuple[int, int] = (600, 400), kind: str = "JPEG") -> bytes:
    """Return a picture whose EXIF tells the camera and the place."""
    image = Image.new("RGB", size, "lightblue")
    ImageDraw.Draw(image).text((20, 20), words or "photo", fill="black")
    exif = Image.Exif()
    exif[0x0110] = CAMERA
    exif.get_ifd(0x8825).update({1: "N", 2: tuple(IFDRational(it) for it in (34, 41, 11))})
    written = io.BytesIO()
    image.save(written, kind, exif=exif, comment=CAMERA.encode())
    return written.getvalue()


def pdf(pages: int = 1) -> bytes:
    """Return a PDF of some pages."""
    first, *others = (Image.new("RGB", (600, 800), "white") for _ in range(pages))
    written = io.BytesIO()
    first.save(written, "PDF", save_all=True, append_images=others)
    return written.getvalue()


def given(content: bytes | None = None, name: str = "証拠の写真.jpg") -> Given:
    """Return a file as it came in."""
    return Given(name=name, content=picture() if content is None else content)
