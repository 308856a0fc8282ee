from __future__ import annotations

import gc

import pytest

from aftersales.core import bulk


def test_the_search_for_circles_rests_meanwhile_and_goes_on_afterwards_even_when_the_work_fails():
    assert gc.isenabled()
    with pytest.raises(RuntimeError), bulk.without_collecting():
        assert not gc.isenabled()
        raise RuntimeError
    assert gc.isenabled()


def test_whoever_switched_it_off_before_finds_it_off():
    gc.disable()
    try:
        with bulk.without_collecting():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
