"""Heads on slips, held against journals."""

import pytest

from station_app.domain.day_report import Head
from station_app.journal.checkpoints import HeadCheck, ShortHead
from station_app.journal.tree import leaf_hash, tree_root
from tests.journal.log_samples import made_up


def _head(leaves: list[bytes]) -> Head:
    return Head(len(leaves), tree_root([leaf_hash(leaf) for leaf in leaves]), "")


def test_every_head_a_journal_had_is_in_it() -> None:
    leaves = made_up(40)
    for size in range(1, 41):
        head = ShortHead.parse(_head(leaves[:size]).short)
        assert head.held_against(leaves) is HeadCheck.CONTAINED
        assert str(head) == _head(leaves[:size]).short


def test_a_rewritten_or_older_journal_is_convicted() -> None:
    leaves = made_up(40)
    head = ShortHead.parse(_head(leaves).short)
    assert head.held_against([*leaves[:20], b"other", *leaves[21:]]) is HeadCheck.OTHER
    assert head.held_against(leaves[:39]) is HeadCheck.SHORTER
    assert head.held_against([]) is HeadCheck.SHORTER
    assert head.held_against([*leaves, b"later"]) is HeadCheck.CONTAINED


@pytest.mark.parametrize("text", ["1204 9f3a 71c4", " 1204  9F3A 71C4 ", "1204 9f3a71c4"])
def test_as_people_type_it(text: str) -> None:
    assert ShortHead.parse(text) == ShortHead(1204, "9f3a71c4")


@pytest.mark.parametrize(
    "text", ["", "1204", "1204 9f3a", "0 9f3a 71c4", "9f3a 71c4", "1204 9f3g 71c4", "1204 9f3a 71c"]
)
def test_what_is_no_head(text: str) -> None:
    with pytest.raises(ValueError, match="1204 9f3a 71c4"):
        ShortHead.parse(text)
