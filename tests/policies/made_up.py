"""Policies and cases as hypothesis makes them."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import strategies as some

CELLS = {
    "kind": ["-", "cup", "cup, lamp", "not(cup)", "@some", "非(book)", "not(@some, book)"],
    "torn": ["-", "true", "否", "unknown", "not(unknown)", "not(true)", "false, unknown"],
    "days": ["-", "<=3", ">$week", "[4..7]", "($week..9]", "not(4)", "4", "1, 3, ≥9"],
    "price": ["-", "<0.5", ">=0.5", "[0.5..2)", "not(>2)", "unknown", "not(<2)"],
    "day": ["-", "<2020-02-01", ">=$effective_from", "[2020-01-05..2020-02-01]"],
    "way": ["-", "left", "right, unknown", "not(left)", "unknown"],
}
HEAD = """---
policy: any
version: 1
effective_from: 2020-01-15
---

Some words.

## 1 One
One | two, "three" & <four>

# parameters
| parameter | value |
|---|---|
| week | 7 |
| share | 12.5% |

# groups
| group | values |
|---|---|
| some | lamp, book |

# facts
| fact | type | values | ordinary |
|---|---|---|---|
| kind | choice | cup, lamp, book, tea pot | cup |
| torn | bool? | | - |
| days | days | >=0 | 2 |
| price | number? | | - |
| day | date | | 2020-01-01 |

# derived
| fact | type | formula |
|---|---|---|
| twice | number? | 2 * price + $share * days |
| since | number | days(day, day) + frac(days) |

# outcomes
| outcome | type | values | otherwise |
|---|---|---|---|
| way | choice | left, right | right |
| sum | number | | 3 |
| note | choice | a, b, c | - |

# decision main gives: way, sum, notes

"""


@some.composite
def policies(draw):
    """A policy of three tables with any cells; layered rules seldom share a level, so that most do not contradict."""
    number = 0

    def table(head, columns, outputs, rows):
        nonlocal number
        names = " | ".join(columns)
        lines = [head, f"| id | level | {names} || {' | '.join(outputs)} | over | cite | remark |"]
        above = ""
        lines.append("|" + "---|" * (len(columns) + 2) + "|" + "---|" * (len(outputs) + 3))
        for _row in range(rows):
            number += 1
            level = draw(some.sampled_from(["-", "P1", "P3.5", f"P{number % 10}.{number:02d}"]))
            told = [draw(some.sampled_from(CELLS[column])) for column in columns]
            said = [draw(some.sampled_from(outputs[name])) for name in outputs]
            over = f"R{number - 1}" if draw(some.booleans()) and (above, level) == ("-", "-") else ""
            above = level
            remark = draw(some.sampled_from(["", "because", "| <b>", "“说明”"])).replace("|", "\\|")
            level = "-" if head.startswith("## notes") else level
            over = "" if head.startswith("## notes") else over
            cells = [f"R{number}", level, *told]
            lines.append(f"| {' | '.join(cells)} || {' | '.join([*said, over, '1', remark])} |")
        return lines

    count = some.integers(0, 6)
    lines = table(
        "## way which way hit: layered -> way", ["kind", "torn", "days"], {"way": ["left", "right", "-"]}, draw(count)
    )
    sums = {"sum": ["1", "0.50", "25%", "$share * days", "max(twice, 5) - 1", "-"]}
    lines += ["", *table("## fee what it costs hit: layered -> sum", ["way", "price"], sums, draw(count))]
    lines += ["", *table("## notes 附注 hit: collect -> note", ["way", "day"], {"note": ["a", "b", "c"]}, draw(count))]
    return HEAD + "\n".join(lines) + "\n"


FACTS = some.fixed_dictionaries(
    {
        "kind": some.sampled_from(["cup", "lamp", "book", "tea pot"]),
        "torn": some.sampled_from([True, False, None]),
        "days": some.integers(0, 11),
        "price": some.sampled_from([None, Decimal("0.4"), Decimal("0.5"), Decimal(1), Decimal(2), Decimal("2.5")]),
        "day": some.sampled_from(["2020-01-01", "2020-01-05", "2020-01-14", "2020-01-15", "2020-02-01", "2020-02-02"]),
    }
)
