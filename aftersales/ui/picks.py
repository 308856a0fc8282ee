"""Pick lists under a box: what is known, while one types."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Pick:
    """One line of a pick list, and what choosing it writes into the form: names of boxes and their values."""

    title: str
    detail: str
    writes: Mapping[str, Any]
    icon: str = "user"
    is_part: bool = False

    @property
    def fills(self) -> str:
        """What the page's script reads."""
        return json.dumps(dict(self.writes), ensure_ascii=False)
