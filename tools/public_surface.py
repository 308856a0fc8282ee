"""The import contract `surface`: a room is used through what it promises, not through what it is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from importlinter import Contract, ContractCheck, fields, output

if TYPE_CHECKING:
    from grimp import ImportGraph

PLACE_OF_LAYER = 3
"""In `aftersales.workshop.services.orders` the third part names the layer."""


class PublicSurface(Contract):
    """Across rooms only the public layers may be imported; `open` rooms are free, `more` lists exceptions as `room: layer`."""

    type_name = "public_surface"

    public = fields.ListField(subfield=fields.StringField())
    open = fields.ListField(subfield=fields.StringField())
    more = fields.ListField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # noqa: ARG002, FBT001 - import-linter's signature
        """Look at every import that crosses from one room into another."""
        (root,) = self.session_options["root_packages"]
        breaches = [
            {"importer": importer, "imported": imported, "lines": _lines(graph, importer, imported)}
            for importer in sorted(graph.find_descendants(root))
            for imported in sorted(graph.find_modules_directly_imported_by(importer))
            if imported.startswith(f"{root}.") and not self._is_allowed(importer.split("."), imported.split("."))
        ]
        return ContractCheck(kept=not breaches, metadata={"breaches": breaches})

    def _is_allowed(self, importer: list[str], imported: list[str]) -> bool:
        room, other = importer[1], imported[1]
        if room == other or other in self.open:  # type: ignore[operator]
            return True
        layer = imported[PLACE_OF_LAYER - 1] if len(imported) >= PLACE_OF_LAYER else ""
        return layer in self.public or f"{room}: {layer}" in self.more  # type: ignore[operator]

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Name each import that reaches too deep."""
        for breach in check.metadata["breaches"]:
            output.print_error(f"{breach['importer']} must not import {breach['imported']} ({breach['lines']})")
        output.print(f"Ask its {', '.join(self.public)} instead.")  # type: ignore[arg-type]


def _lines(graph: ImportGraph, importer: str, imported: str) -> str:
    details: list[Any] = list(graph.get_import_details(importer=importer, imported=imported))
    return ", ".join(f"line {detail['line_number']}" for detail in details)
