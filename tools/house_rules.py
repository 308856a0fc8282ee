"""Rules of this house that no ready-made linter knows. Each says where it was broken and what to do instead.

A line that must break a rule says why in a comment on the same line: `# house: the session is not a model`.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tools import template_rules

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).resolve().parent.parent

WRITES = {"create", "bulk_create", "bulk_update", "get_or_create", "update_or_create", "acreate", "aupdate_or_create"}
WRITES_WITHOUT_POSITION = {"save", "delete", "update"}
"""Writes only when nothing stands in first place: `digest.update(data)` and `image.save(path)` are something else."""
WRITERS = {"services", "management", "migrations"}
MANAGERS = {"objects", "_default_manager", "_base_manager"}
READERS = {"queries", "services", "models"}
NARROWING = {"filter", "exclude", "get", "order_by"}
TOLD_BY_REQUEST = {"GET", "POST", "FILES", "COOKIES"}

MACHINE = re.compile(
    r"https?://mirrors?\.|https?://[\w.-]+/simple\b|\bregistry\s*[=:]\s*\"?https?://|\"resolved\"\s*:\s*\"http|/packages/[0-9a-f]{2}/[0-9a-f]{2}/|"
    r"file:///|(?<![\w.])/(?:home|Users)/\w+|(?<![\w.])/root/"
)
NOT_READ = {".png", ".jpg", ".jpeg", ".webp", ".ico", ".gz", ".zip", ".woff2", ".mo", ".po", ".csv"}


@dataclass(frozen=True, order=True)
class Finding:
    """One broken rule."""

    path: str
    line: int
    rule: str
    advice: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.rule}: {self.advice}"


@dataclass(frozen=True)
class Module:
    """A Python file of the product: its path, its room and its layer there."""

    path: str
    tree: ast.Module

    @property
    def room(self) -> str:
        """The app, such as `workshop`."""
        return self.path.split("/")[1]

    @property
    def layer(self) -> str:
        """The layer in the app, such as `services`."""
        return Path(self.path.split("/")[2]).stem if self.path.count("/") > 1 else ""


Breach = tuple[int, str]


def writes_stand_in_services(module: Module) -> Iterator[Breach]:
    """Only services write; core keeps its own tables."""
    if module.room == "core" or module.layer in WRITERS:
        return
    for call, name in _method_calls(module.tree):
        is_write = name in WRITES or (name in WRITES_WITHOUT_POSITION and not call.args)
        if is_write and not _is_call_of_super(call):
            yield call.lineno, f".{name}() writes: let a service do it, so that it is checked and in the journal"


def reads_stand_in_queries(module: Module) -> Iterator[Breach]:
    """Only queries and services look into tables."""
    if module.room == "core" or module.layer in READERS:
        return
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Attribute) and node.attr in MANAGERS:
            yield node.lineno, f".{node.attr} reads past the access check: ask a query, it takes the actor"


def migrations_stand_alone(module: Module) -> Iterator[Breach]:
    """A migration must still run when the code it was written for has changed."""
    if module.layer != "migrations":
        return
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.Import | ast.ImportFrom):
            continue
        names = [node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]
        if any(name.split(".")[0] == "aftersales" for name in names):
            yield node.lineno, "a migration imports nothing of ours: copy what it needs, the code will change"


def markup_is_never_trusted(module: Module) -> Iterator[Breach]:
    """Text becomes markup by templates and format_html only."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and _last_word(node.func) in {"mark_safe", "SafeString", "SafeText"}:
            yield (
                node.lineno,
                f"{_last_word(node.func)} lets text from people become markup: use format_html or a template",
            )


def _last_word(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def requests_do_not_write_queries(module: Module) -> Iterator[Breach]:
    """A reader of the page must not choose the fields of a query."""
    for call, name in _method_calls(module.tree):
        if name not in NARROWING:
            continue
        spread = [keyword.value for keyword in call.keywords if keyword.arg is None]
        # `listing.order_by(request.GET)` is a function of ours that reads it; a queryset takes names, not a whole GET.
        ordering = [part for part in call.args if name == "order_by" and not isinstance(part, ast.Attribute)]
        if any(_comes_from_request(node) for node in (*spread, *ordering)):
            yield call.lineno, f".{name}() takes field names from the request: read the known parameters one by one"


PYTHON_RULES: dict[str, Callable[[Module], Iterator[Breach]]] = {
    "writes-in-services": writes_stand_in_services,
    "reads-in-queries": reads_stand_in_queries,
    "migrations-alone": migrations_stand_alone,
    "no-trusted-markup": markup_is_never_trusted,
    "no-query-from-request": requests_do_not_write_queries,
}


def _method_calls(tree: ast.Module) -> Iterator[tuple[ast.Call, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node, node.func.attr


def _is_call_of_super(call: ast.Call) -> bool:
    owner = call.func.value if isinstance(call.func, ast.Attribute) else call.func
    return isinstance(owner, ast.Call) and isinstance(owner.func, ast.Name) and owner.func.id == "super"


def _comes_from_request(node: ast.AST) -> bool:
    return any(
        (isinstance(part, ast.Name) and part.id == "request")
        or (isinstance(part, ast.Attribute) and part.attr in TOLD_BY_REQUEST)
        for part in ast.walk(node)
    )


def project_files(root: Path) -> list[Path]:
    """Every file that belongs to the project: known to git, or new and not ignored."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode == 0:
        paths = [root / name for name in listed.stdout.split("\0") if name]
    else:
        paths = [path for top in ("aftersales", "tools", "tests") for path in (root / top).rglob("*")]
    return sorted(path for path in paths if path.is_file())


def findings(root: Path, files: list[Path]) -> list[Finding]:
    """All broken rules in these files."""
    components = template_rules.declared_components(root / "aftersales")
    found: list[Finding] = []
    for file in files:
        path = file.relative_to(root).as_posix()
        if file.suffix in NOT_READ or path.startswith("tests/tools/"):
            continue
        content = file.read_text(encoding="utf-8", errors="replace")
        breaches = list(_machine_names(path, content))
        if file.suffix == ".py" and path.startswith("aftersales/"):
            breaches += _in_python(path, content)
        if "/templates/" in path and path.startswith("aftersales/"):
            breaches += template_rules.breaches(content, components)
        excused = {number for number, line in enumerate(content.splitlines(), 1) if "house: " in line}
        found += [Finding(path, line, rule, advice) for line, rule, advice in breaches if line not in excused]
    return sorted(found)


def _in_python(path: str, content: str) -> Iterator[tuple[int, str, str]]:
    module = Module(path, ast.parse(content))
    for rule, check in PYTHON_RULES.items():
        yield from ((line, rule, advice) for line, advice in check(module))


def _machine_names(path: str, content: str) -> Iterator[tuple[int, str, str]]:
    if path == "tools/house_rules.py":
        return
    for number, line in enumerate(content.splitlines(), 1):
        match = MACHINE.search(line)
        if match:
            yield number, "no-machine-names", f"{match[0]!r} is true on one machine or network only: leave it out"


def main() -> int:
    """Check the whole project."""
    found = findings(ROOT, project_files(ROOT))
    print(*found, f"{len(found)} house rules broken", sep="\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
