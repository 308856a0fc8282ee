from __future__ import annotations

import errno
import os
import struct
import zlib
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from hypothesis import given, settings as hypothesis_settings, strategies as st
from PIL import Image

from aftersales.core import files, transaction
from aftersales.core.actor import Actor
from aftersales.core.errors import Invalid, Missing
from aftersales.core.models import Attachment

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
CLERK = Actor(id="person:1", name="小李", scopes=frozenset({"NJ"}))
pytestmark = pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
GPS, ORIENTATION, MAKE = 0x8825, 0x0112, 0x010F


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.UPLOAD_MAX_BYTES = 2 * 1024 * 1024
    return settings.MEDIA_ROOT


def picture(size=(64, 48), colour="red", kind="JPEG", mode="RGB", **options) -> bytes:
    buffer = BytesIO()
    Image.new(mode, size, colour).save(buffer, kind, **options)
    return buffer.getvalue()


def upload(data: bytes, name: str = "photo.jpg", content_type: str = "image/jpeg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, content_type)


def attach(data: bytes, name: str = "photo.jpg", key: str = "RO-1") -> Attachment:
    return files.attach_photo(CLERK, kind="order", key=key, scope="NJ", upload=upload(data, name), now=NOW)


def kept(media: Path) -> list[Path]:
    return sorted(path for path in media.rglob("*") if path.is_file())


def opened(attachment: Attachment, **options) -> Image.Image:
    return Image.open(BytesIO(b"".join(files.photo_response(attachment, **options).streaming_content)))


def with_gps() -> bytes:
    exif = Image.Exif()
    exif[MAKE] = "SecretPhone"
    exif[ORIENTATION] = 6
    exif.get_ifd(GPS).update({1: "N", 2: (32.0, 3.0, 21.0), 3: "E", 4: (118.0, 46.0, 0.0)})
    xmp = b"<x:xmpmeta><secret-place/></x:xmpmeta>"
    return picture(size=(640, 480), exif=exif, xmp=xmp, comment=b"secret comment", icc_profile=b"secret profile")


def bomb(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = zlib.compress(b"\0" * (width // 8 + 1) * height, 9)
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.django_db
def test_place_camera_and_comments_are_gone_and_the_picture_stands_upright(media):
    source = with_gps()
    assert b"SecretPhone" in source
    assert b"secret-place" in source
    attachment = attach(source)
    image = opened(attachment)
    assert image.size == (480, 640) == (attachment.width, attachment.height)
    assert dict(image.getexif()) == {}
    assert not {"exif", "xmp", "icc_profile", "comment", "photoshop"} & set(image.info)
    for path in kept(media):
        assert b"secret" not in path.read_bytes().lower()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "data",
    [
        picture(kind="PNG"),
        picture(kind="WEBP"),
        picture(kind="PNG", mode="RGBA", colour=(0, 0, 0, 0)),
        picture(kind="PNG", mode="P", colour=3),
        picture(kind="PNG", mode="1", colour=1),
        picture(kind="PNG", mode="I;16", colour=500),
        picture(kind="JPEG", mode="CMYK", colour=(0, 0, 0, 0)),
        picture(kind="JPEG", mode="L", colour=9),
    ],
)
def test_every_usual_kind_of_picture_becomes_a_jpeg(data):
    attachment = attach(data, "x.png")
    assert opened(attachment).format == "JPEG"
    assert attachment.content_type == "image/jpeg"


@pytest.mark.django_db
def test_what_was_transparent_becomes_white():
    assert opened(attach(picture(kind="PNG", mode="RGBA", colour=(0, 0, 0, 0)))).getpixel((5, 5)) == (255, 255, 255)


@pytest.mark.django_db
def test_a_large_photo_is_made_smaller_and_gets_a_thumbnail():
    attachment = attach(picture(size=(4000, 3000)))
    assert max(opened(attachment).size) == 2560
    assert max(opened(attachment, thumb=True).size) == 400


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
REFUSED = {
    "html": b"<!doctype html><script>alert(1)</script>",
    "svg": SVG,
    "pdf": b"%PDF-1.7\n" + picture(),
    "gif with script": b"GIF89a/*" + b"\0" * 20 + b"*/=1;alert(1)",
    "gif": picture(kind="GIF", mode="P", colour=1),
    "bmp": picture(kind="BMP"),
    "tiff": picture(kind="TIFF"),
    "eps": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n",
    "empty": b"",
    "one byte": b"\xff",
    "jpeg head only": picture()[:20],
    "truncated jpeg": picture(size=(800, 600))[:-400],
    "truncated png": picture(kind="PNG", size=(800, 600))[:-40],
    "truncated webp": picture(kind="WEBP", size=(800, 600))[:-10],
    "heic": b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
    "zip": b"PK\x03\x04" + b"\0" * 40,
    "bomb of 400 million pixels": bomb(20_000, 20_000),
    "bomb of 41 million pixels": bomb(6_500, 6_400),
    "larger than allowed": picture() + b"\0" * (2 * 1024 * 1024),
}


@pytest.mark.django_db
@pytest.mark.parametrize("data", REFUSED.values(), ids=REFUSED)
def test_it_refuses_what_is_no_whole_photo_and_keeps_nothing(media, data):
    with pytest.raises(Invalid) as refusal:
        attach(data)
    assert refusal.value.field == "photo"
    assert str(refusal.value).endswith(".")
    assert not kept(media)
    assert not Attachment.objects.exists()


def test_the_reason_for_a_refusal_says_what_to_do():
    def reason(data: bytes) -> str:
        with pytest.raises(Invalid) as refusal:
            files.read_photo(upload(data))
        return str(refusal.value)

    assert "Most compatible" in reason(REFUSED["heic"])
    assert "40 million pixels" in reason(REFUSED["bomb of 41 million pixels"])
    assert "2 MB" in reason(REFUSED["larger than allowed"])


@pytest.mark.django_db
@pytest.mark.parametrize(
    "tail",
    [b"<script>alert(1)</script>", b"PK\x03\x04 a zip", b"%PDF-1.7 a pdf", b"<?php system($_GET[0]);"],
    ids=range(4),
)
def test_what_hangs_on_a_photo_is_cut_off(media, tail):
    attach(picture() + tail, "photo.php.jpg")
    attach(picture(comment=tail), "photo.jpg", key="RO-2")
    assert len(kept(media)) == 4
    for path in kept(media):
        assert tail not in path.read_bytes()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "CON.jpg", "a\x00.jpg", "photo\u202egpj.exe", "x" * 255 + ".jpg", ".htaccess", "a.php"]
)
def test_the_sent_name_is_nowhere_used(media, name):
    file = upload(picture())
    file._name = name  # past Django's own cleaning
    attachment = files.attach_photo(CLERK, kind="order", key="RO-1", scope="NJ", upload=file, now=NOW)
    paths = kept(media)
    assert {path.name for path in paths} == {f"{attachment.token}.jpg", f"{attachment.token}.thumb.jpg"}
    assert all(media in path.parents and path.suffix == ".jpg" for path in paths)
    assert (
        files.photo_response(attachment, download=True)
        .headers["Content-Disposition"]
        .endswith(f'"order-RO-1-{attachment.pk}.jpg"')
    )


@pytest.mark.django_db
def test_a_browser_cannot_take_a_photo_for_a_page():
    headers = files.photo_response(attach(picture())).headers
    assert headers["Content-Type"] == "image/jpeg"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in headers["Content-Security-Policy"]
    assert headers["Cache-Control"].startswith("private")
    assert headers["Content-Disposition"].startswith("inline")


@pytest.mark.django_db
def test_the_same_photo_sent_again_to_the_same_case_is_kept_once(media):
    first = attach(picture())
    assert attach(picture(), "other name.jpg") == first
    assert len(kept(media)) == 2
    assert attach(picture(), key="RO-2") != first
    assert [photo.pk for photo in files.list_photos("order", "RO-1")] == [first.pk]


@pytest.mark.django_db
def test_a_photo_sent_twice_at_the_same_moment_is_kept_once(media, monkeypatch):
    first = attach(picture())
    real = Attachment.objects.filter
    answers = iter([Attachment.objects.none()])
    monkeypatch.setattr(Attachment.objects, "filter", lambda **asked: _BlindOnce(real(**asked), answers))
    assert attach(picture()) == first
    assert len(kept(media)) == 2


class _BlindOnce:
    """As if the other's row were not yet to be seen at the first look."""

    def __init__(self, rows, answers):
        self.rows, self.answers = rows, answers

    def first(self):
        return next(self.answers, self.rows).first()

    def get(self):
        return self.rows.get()


@pytest.mark.django_db
def test_the_stored_checksum_is_that_of_the_file(media):
    import hashlib

    attachment = attach(picture())
    path = files._path(attachment.token)
    assert hashlib.sha256(path.read_bytes()).hexdigest() == attachment.sha256
    assert path.stat().st_size == attachment.size


@pytest.mark.django_db
def test_photos_of_other_places_are_missing():
    attachment = attach(picture())
    assert files.get_photo(CLERK, attachment.token) == attachment
    with pytest.raises(Missing):
        files.get_photo(Actor(id="p", name="n", scopes=frozenset({"SZ"})), attachment.token)
    with pytest.raises(Missing):
        files.get_photo(CLERK, "no-such-token")


@pytest.mark.django_db
def test_a_full_disk_leaves_neither_file_nor_row(media, monkeypatch):
    def full(_descriptor):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        attach(picture())
    assert not kept(media)
    assert not Attachment.objects.exists()


@pytest.mark.django_db
def test_a_row_that_cannot_be_written_leaves_no_file(media, monkeypatch):
    def refuse(**_facts):
        raise OperationalError

    monkeypatch.setattr(Attachment.objects, "create", refuse)
    with pytest.raises(OperationalError):
        attach(picture())
    assert not kept(media)


@pytest.mark.django_db
def test_files_without_a_row_are_cleared_after_a_day_and_others_never(media):
    with transaction.atomic():
        attach(picture())
        transaction.undo_all()
    stays = attach(picture(colour="blue"))
    assert len(kept(media)) == 4
    today = datetime.now(UTC)
    assert files.clear_orphans(now=today) == 0
    assert files.clear_orphans(now=today + timedelta(hours=25)) == 2
    assert {path.name.split(".")[0] for path in kept(media)} == {stays.token}


@pytest.mark.django_db
def test_a_removed_photo_is_missing_at_once(media):
    attachment = attach(picture())
    files.remove_photo(CLERK, token=attachment.token)
    with pytest.raises(Missing):
        files.get_photo(CLERK, attachment.token)


@pytest.mark.django_db
def test_a_photo_whose_file_is_gone_is_missing(media):
    attachment = attach(picture())
    files._path(attachment.token).unlink()
    with pytest.raises(Missing):
        files.photo_response(attachment)


SAMPLES = [
    picture(size=(40, 30)),
    with_gps(),
    picture(kind="PNG", mode="RGBA", colour=(9, 9, 9, 9)),
    picture(kind="WEBP"),
]


@pytest.mark.filterwarnings("ignore::UserWarning:PIL")
@hypothesis_settings(max_examples=300, deadline=None)
@given(st.sampled_from(SAMPLES), st.lists(st.tuples(st.integers(0, 10_000), st.binary(max_size=8)), max_size=6))
def test_damaged_bytes_are_a_photo_or_a_refusal_never_an_error(sample, damage):
    data = bytearray(sample)
    for place, put in damage:
        at = place % len(data)
        data[at : at + len(put)] = put
    try:
        photo = files.read_photo(BytesIO(bytes(data)))
    except Invalid:
        return
    assert Image.open(BytesIO(photo.picture)).format == "JPEG"
