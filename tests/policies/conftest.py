from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path

import pytest

from aftersales.policies.engine.judge import Judge
from aftersales.policies.engine.program import compile_decision
from aftersales.policies.engine.read import read_policy

HERE = Path(__file__).parent

SMALL = """---
policy: small
version: 2020-01-01
effective_from: 2020-01-01
---

## 1 Within the week
Goods come back within seven days.

## 2 Not torn
Torn goods stay where they are.

## 3 Later
Later the salesperson decides.

# parameters
| parameter | value | unit |
|---|---|---|
| week | 7 | day |

# facts
| fact | type | values | ordinary |
|---|---|---|---|
| days | days | >=0 | 2 |
| kind | choice | cup, lamp, book | cup |
| torn | bool? | | false |
| price | number | >=0 | 10 |

# outcomes
| outcome | type | values | otherwise |
|---|---|---|---|
| doing | choice | take, refuse, ask, decide | decide |
| fee | number | | 0 |

# ambiguities
| id | kind | clauses | problem | reading | question | status |
|---|---|---|---|---|---|---|
| AMB-1 | A | 1 | which week | seven days | confirm | open |

# decision main gives: doing, fee

## doing what to do hit: layered -> doing
| id | level | days | kind | torn || doing | over | cite | flags |
|---|---|---|---|---||---|---|---|---|
| R1 | P2 | <=$week | - | - || take | | 1 | AMB-1 |
| R2 | P1 | - | cup, lamp | true || refuse | | 2 | |
| R3 | P1 | - | book | unknown || ask | | 2 | |
| R4 | P4 | >$week | - | - || decide | | 3 | |

## fee what it costs hit: layered -> fee
| id | doing || fee | cite |
|---|---||---|---|
| F1 | take || 10% * price | 1 |
| F2 | not(take) || 0 | 1 |
"""


@cache
def _returns():
    return (files("aftersales.policies") / "library" / "returns_2012-03-20.policy.md").read_text(encoding="utf-8")


@pytest.fixture
def small_text():
    return SMALL


@pytest.fixture
def small():
    return Judge(compile_decision(read_policy(SMALL)))


@pytest.fixture(scope="session")
def returns_text():
    return _returns()


@pytest.fixture(scope="session")
def returns(returns_text):
    return Judge(compile_decision(read_policy(returns_text), "return"))


@pytest.fixture(scope="session")
def literal_text():
    return (HERE / "literal.policy.md").read_text(encoding="utf-8")
