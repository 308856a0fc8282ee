"""Photos as a telephone sends them."""

from __future__ import annotations

from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image


def a_photo(colour: str = "navy", *, name: str = "photo.jpg") -> SimpleUploadedFile:
    """A photo of one colour; two of the same colour are the same photo."""
    out = BytesIO()
    Image.new("RGB", (640, 480), colour).save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")
