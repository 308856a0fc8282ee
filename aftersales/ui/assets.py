"""Where the pages' styles, scripts and pictures are kept, and under which addresses they are fetched."""

from __future__ import annotations

from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage


class Storage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """Compressed files with their hash in their name; each address is put together once in a process."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._addresses: dict[str, str] = {}

    def url(self, name: str, force: bool = False) -> str:  # noqa: FBT001, FBT002 - the signature is Django's
        """The address of the file `name`."""
        if force:
            return str(super().url(name, force))
        known = self._addresses.get(name)
        if known is None:
            known = self._addresses[name] = str(super().url(name))
        return known
