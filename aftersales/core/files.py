"""Photos on any case. What people send is hostile until decoded: nothing of the sent bytes is kept, only the picture itself.

A photo is decoded, turned upright, made smaller if need be and written anew, without position, camera or any other hidden data.
The file is on the disk before its row is committed; a file whose row never came is cleared away at night.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import tempfile
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import IO, Any

import structlog
from django.conf import settings
from django.core.files.base import File
from django.db import IntegrityError, transaction as django_transaction
from django.http import FileResponse
from PIL import Image, ImageOps

from aftersales.core import transaction
from aftersales.core.actor import Actor
from aftersales.core.errors import Invalid, Missing
from aftersales.core.models import Attachment
from aftersales.core.text import text as _

MOST_PIXELS = 40_000_000
LONG_SIDE = 2560
THUMB_SIDE = 400
QUALITY = 85
FORMATS = ("JPEG", "PNG", "WEBP")
CONTENT_TYPE = "image/jpeg"
KEEP_ORPHANS = timedelta(hours=24)
_HEIF_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")

Image.MAX_IMAGE_PIXELS = MOST_PIXELS  # for every image this process opens; above twice as many Pillow itself refuses
warnings.filterwarnings(
    "ignore", category=Image.DecompressionBombWarning
)  # up to there `_decoded` refuses, and says why

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Photo:
    """A photo that was decoded and written anew, not yet kept."""

    source_sha256: str
    picture: bytes
    thumb: bytes
    width: int
    height: int


def read_photo(upload: File[bytes] | IO[bytes], *, field: str = "photo") -> Photo:
    """The photo in an uploaded file, re-encoded; refuses with a sentence what is too large, damaged, or no photo at all.

    Takes some tenths of a second and touches no database: where possible call it before the act begins.
    """
    limit: int = settings.UPLOAD_MAX_BYTES
    upload.seek(0)
    data = upload.read(limit + 1)
    if len(data) > limit:
        raise Invalid(
            _("The photo is larger than {limit} MB. Take it with a lower resolution.", limit=limit // 1024 // 1024),
            field=field,
        )
    if data[4:8] == b"ftyp" and data[8:12] in _HEIF_BRANDS:
        raise Invalid(
            _(
                "This is a HEIC photo, which cannot be read here. Set the camera to “Most compatible” (JPEG) and take it again."
            ),
            field=field,
        )
    return _encoded(_decoded(data, field), hashlib.sha256(data).hexdigest())


def attach_photo(
    actor: Actor,
    *,
    kind: str,
    key: str | int,
    scope: str,
    upload: File[bytes] | IO[bytes] | Photo,
    caption: str = "",
    now: datetime,
) -> Attachment:
    """The photo as kept on the case `kind`/`key`; the same photo sent again to the same case is the one already there.

    Whether the actor may change that case is asked by the calling service.
    """
    photo = upload if isinstance(upload, Photo) else read_photo(upload)
    return _keep(actor, kind, str(key), scope, photo, caption, now)


def list_photos(kind: str, key: str | int) -> list[Attachment]:
    """The photos of one case, oldest first. The caller has already been let see that case."""
    return list(Attachment.objects.filter(kind=kind, key=str(key)).order_by("id"))


def list_photos_of_many(kind: str, keys: Iterable[str | int]) -> dict[str, list[Attachment]]:
    """The photos of several cases by key, oldest first; one read for all. The caller has already been let see them."""
    found: dict[str, list[Attachment]] = {}
    wanted = [str(key) for key in keys]
    for photo in Attachment.objects.filter(kind=kind, key__in=wanted).order_by("id") if wanted else ():
        found.setdefault(photo.key, []).append(photo)
    return found


def get_photo(actor: Actor, token: str) -> Attachment:
    """One photo by its token; Missing when there is none or it belongs to a place the actor may not see."""
    photo = Attachment.objects.filter(token=token, **actor.scope_filter("scope")).first()
    if photo is None:
        raise Missing
    return photo


@transaction.act
def remove_photo(actor: Actor, *, token: str) -> Attachment:
    """The photo that was taken off its case; the calling service writes the journal. The file goes at night."""
    photo = get_photo(actor, token)
    Attachment.objects.filter(pk=photo.pk).delete()
    return photo


@transaction.act
def move_photos(kind: str, *, from_key: str | int, to_key: str | int, only: Iterable[int] | None = None) -> list[int]:
    """The ids of the photos that now belong to the case `to_key`; a photo that is there already stays where it is."""
    rows = Attachment.objects.filter(kind=kind, key=str(from_key))
    if only is not None:
        rows = rows.filter(pk__in=list(only))
    there = Attachment.objects.filter(kind=kind, key=str(to_key)).values("source_sha256")
    ids = list(rows.exclude(source_sha256__in=there).order_by("pk").values_list("pk", flat=True))
    Attachment.objects.filter(pk__in=ids).update(key=str(to_key))
    return ids


@transaction.act
def erase_photos(kind: str, keys: Iterable[str | int]) -> int:
    """The number of photos of these cases that are gone; their files go with the end of the act, not only at night."""
    rows = Attachment.objects.filter(kind=kind, key__in=[str(key) for key in keys])
    tokens = list(rows.values_list("token", flat=True))
    rows.delete()
    django_transaction.on_commit(lambda: _discard_all(tokens))
    return len(tokens)


def _discard_all(tokens: Iterable[str]) -> None:
    for token in tokens:
        _discard(token)


def read_picture(token: str) -> bytes:
    """The picture itself, as it lies on the disk; Missing when its file is gone."""
    try:
        return _path(token).read_bytes()
    except FileNotFoundError:
        log.exception("photo file missing", token=token)
        raise Missing from None


def photo_response(attachment: Attachment, *, download: bool = False, thumb: bool = False) -> FileResponse:
    """The photo (or its thumbnail) as an answer that no browser can take for a page of ours."""
    path = _path(attachment.token, thumb=thumb)
    try:
        file = path.open("rb")
    except FileNotFoundError:
        log.exception("photo file missing", token=attachment.token)
        raise Missing from None
    name = f"{attachment.kind}-{attachment.key}-{attachment.pk}.jpg"
    response = FileResponse(file, as_attachment=download, filename=name, content_type=CONTENT_TYPE)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox; frame-ancestors 'none'"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response


def read_thumb(token: str) -> bytes:
    """The small picture itself, to be put into a paper; Missing when its file is gone."""
    try:
        return _path(token, thumb=True).read_bytes()
    except FileNotFoundError:
        log.exception("photo file missing", token=token)
        raise Missing from None


def clear_orphans(*, now: datetime) -> int:
    """Remove the files of photos that have no row: their act was rolled back, or they were removed; the number of them."""
    removed = 0
    for path in _old_files(now):
        if not Attachment.objects.filter(token=path.name.split(".")[0]).exists():
            path.unlink(missing_ok=True)
            removed += 1
    return removed


def _decoded(data: bytes, field: str) -> Image.Image:
    no_photo = Invalid(_("This file is not a photo that can be read. Send a complete JPEG, PNG or WebP."), field=field)
    too_many = Invalid(
        _(
            "The photo has more than {limit} million pixels. Take it with a lower resolution.",
            limit=MOST_PIXELS // 1_000_000,
        ),
        field=field,
    )
    try:
        image = Image.open(BytesIO(data), formats=FORMATS)
        if image.width * image.height > MOST_PIXELS:
            raise too_many  # noqa: TRY301
        image.draft("RGB", (LONG_SIDE, LONG_SIDE))  # a large JPEG is decoded at a fraction of its size
        image.load()
    except Image.DecompressionBombError as error:
        raise too_many from error
    except Invalid:
        raise
    except Exception as error:  # whatever a decoder raises about hostile bytes means the same
        raise no_photo from error
    return _upright(image)


def _upright(image: Image.Image) -> Image.Image:
    try:
        return ImageOps.exif_transpose(image)
    except Exception:  # the picture is whole, only what the camera noted beside it is not
        log.info("photo with unreadable notes", exc_info=True)
        return image


def _encoded(upright: Image.Image, source_sha256: str) -> Photo:
    upright.thumbnail((LONG_SIDE, LONG_SIDE), Image.Resampling.LANCZOS)
    clean = _without_transparency(upright)
    thumb = clean.copy()
    thumb.thumbnail((THUMB_SIDE, THUMB_SIDE), Image.Resampling.LANCZOS)
    return Photo(source_sha256, _jpeg(clean), _jpeg(thumb), clean.width, clean.height)


def _without_transparency(image: Image.Image) -> Image.Image:
    """The bare pixels on white, in a new image: an image that was opened carries comments and profiles along."""
    clean = Image.new("RGB", image.size, "white")
    if image.has_transparency_data:
        visible = image.convert("RGBA")
        clean.paste(visible, mask=visible)
    else:
        clean.paste(image.convert("RGB"))
    return clean


def _jpeg(image: Image.Image) -> bytes:
    buffer = BytesIO()
    image.save(buffer, "JPEG", quality=QUALITY, optimize=True)
    return buffer.getvalue()


@transaction.act
def _keep(actor: Actor, kind: str, key: str, scope: str, photo: Photo, caption: str, now: datetime) -> Attachment:
    same = Attachment.objects.filter(kind=kind, key=key, source_sha256=photo.source_sha256)
    known = same.first()
    if known is not None:
        return known
    token = secrets.token_urlsafe(32)
    facts: dict[str, Any] = {
        "kind": kind,
        "key": key,
        "scope": scope,
        "caption": caption[:120],
        "source_sha256": photo.source_sha256,
    }
    try:
        _write(_path(token), photo.picture)
        _write(_path(token, thumb=True), photo.thumb)
        with transaction.atomic():
            return Attachment.objects.create(
                token=token,
                content_type=CONTENT_TYPE,
                width=photo.width,
                height=photo.height,
                size=len(photo.picture),
                sha256=hashlib.sha256(photo.picture).hexdigest(),
                added_at=now,
                added_by=actor.name,
                **facts,
            )
    except IntegrityError:  # the same photo, sent twice at once
        _discard(token)
        return same.get()
    except BaseException:
        _discard(token)
        raise


def _path(token: str, *, thumb: bool = False) -> Path:
    return _root() / token[:2].lower() / f"{token}{'.thumb' if thumb else ''}.jpg"


def _root() -> Path:
    return Path(settings.MEDIA_ROOT) / "photos"


def _write(path: Path, data: bytes) -> None:
    """The file is complete under its name and on the disk, or not there at all."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
        _sync_folder(path.parent)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _sync_folder(folder: Path) -> None:
    """A new name is on the disk only after its folder is, and the folder's own name after the one above."""
    for each in (folder, folder.parent):
        descriptor = os.open(each, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _discard(token: str) -> None:
    _path(token).unlink(missing_ok=True)
    _path(token, thumb=True).unlink(missing_ok=True)


def _old_files(now: datetime) -> Iterator[Path]:
    before = (now - KEEP_ORPHANS).timestamp()
    for path in _root().glob("*/*"):
        if path.is_file() and path.stat().st_mtime < before:
            yield path
