"""Notices before applying: every item, and the exact words that are ticked."""

from __future__ import annotations

from core.catalogue import BUILT_IN


def test_notices_have_all_their_items_and_the_exact_tick() -> None:
    supervision = BUILT_IN.services["supervision", "initial"].notice
    assert len(supervision.items) == 6
    assert supervision.tick_all.zh == "全选 本人已认真阅读以上条款，不存在以上情形"
    for profession in ("architect", "survey_design"):
        notice = BUILT_IN.services[profession, "renewal"].notice
        assert len(notice.items) == 3
        assert "请务必认真阅读完审批条件，这将影响您的审批" in notice.tick_all.zh


def test_cancellation_notices_tell_the_two_ways_apart() -> None:
    for profession in BUILT_IN.professions:
        notice = BUILT_IN.services[profession, "cancellation"].notice
        assert notice.title.zh == "注销须知"
        assert [item.zh[:4] for item in notice.items[:2]] == ["正常注销", "强制注销"]
