import pytest

from tools import assets

DRAWING = '<svg xmlns="x" width="24" class="y">\n  <path d="M1 1" />\n  <path d="M2 2" />\n</svg>\n'


def test_the_sprite_holds_each_icon_under_its_name(tmp_path):
    (tmp_path / "check.svg").write_text(DRAWING)
    made = assets.sprite(["check"], tmp_path)
    assert '<symbol id="check" viewBox="0 0 24 24"' in made
    assert '<path d="M1 1" /><path d="M2 2" /></symbol>' in made


def test_an_unknown_icon_is_named_in_a_sentence(tmp_path):
    with pytest.raises(SystemExit, match="does not have: chekc"):
        assets.sprite(["chekc"], tmp_path)


def test_icons_are_listed_one_per_line_without_comments(tmp_path):
    listing = tmp_path / "icons.txt"
    listing.write_text("# comment\n\nuser\ncheck \nuser\n")
    assert assets.icon_names(listing) == ["check", "user"]
    assert assets.icon_names(tmp_path / "none.txt") == []


@pytest.mark.parametrize(
    ("content", "left"),
    [
        (b"a{}\n/*# sourceMappingURL=tabler.min.css.map */\n", b"a{}\n"),
        (b"go()\n//# sourceMappingURL=x.js.map", b"go()\n"),
        (b"go()\n", b"go()\n"),
    ],
)
def test_no_file_points_to_a_map_that_is_not_there(content, left):
    assert assets.without_source_map(content) == left
