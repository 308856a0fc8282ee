"""A policy as DMN 1.3 and back. What goes out decides the same in any other tool; what comes in is refused where it would not."""

from aftersales.policies.engine.dmn.read import from_dmn as from_dmn
from aftersales.policies.engine.dmn.write import to_dmn as to_dmn
