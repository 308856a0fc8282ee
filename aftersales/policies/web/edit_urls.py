"""Where the editor's pages stand, below a version."""

from __future__ import annotations

from django.urls import path, register_converter

from aftersales.policies.web.views import editor, test_rows, workbooks


class FileKind:
    """A kind of file that a version can be had as."""

    regex = "|".join(workbooks.KINDS)

    def to_python(self, value: str) -> str:
        """The kind as it stands in the address."""
        return value

    def to_url(self, value: str) -> str:
        """The same."""
        return value


register_converter(FileKind, "policy_file")
VERSION = "<slug:policy>/versions/<int:number>/"
TABLE = f"{VERSION}edit/<str:decision>/<str:table>/"

edit_pages = [
    path(f"{VERSION}edit/", editor.edit, name="edit"),
    path(f"{VERSION}edit/check/", editor.check_draft, name="check_draft"),
    path(f"{VERSION}edit/about/", editor.edit_about, name="edit_about"),
    path(f"{VERSION}clauses/<str:clause>/", editor.edit_clause, name="edit_clause"),
    path(f"{VERSION}text/", editor.edit_text, name="edit_text"),
    path(f"{VERSION}cases/", test_rows.test_rows, name="test_rows"),
    path(f"{VERSION}cases/add/", test_rows.add_case, name="add_case"),
    path(f"{VERSION}cases/try/", test_rows.try_new_case, name="try_new_case"),
    path(f"{VERSION}cases/accept/", test_rows.accept_outcomes, name="accept_outcomes"),
    path(f"{VERSION}cases/remove/", test_rows.remove_cases, name="remove_cases"),
    path(f"{VERSION}cases/download/", test_rows.download_cases, name="download_cases"),
    path(f"{VERSION}workbook/", workbooks.workbook, name="workbook"),
    path(f"{VERSION}workbook/compare/", workbooks.compare_file, name="compare_file"),
    path(f"{VERSION}workbook/take/", workbooks.take_over, name="take_over"),
    path(f"{VERSION}workbook/download.<policy_file:kind>", workbooks.download_version, name="download_version"),
    path(TABLE, editor.edit_table, name="edit_table"),
    path(f"{TABLE}rows/try/", editor.try_row, name="try_row"),
    path(f"{TABLE}rows/set/", editor.set_row, name="set_row"),
    path(f"{TABLE}rows/add/", editor.add_row, name="add_row"),
    path(f"{TABLE}rows/remove/", editor.remove_row, name="remove_row"),
    path(f"{TABLE}rows/move/", editor.move_row, name="move_row"),
]
