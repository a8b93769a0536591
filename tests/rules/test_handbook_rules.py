"""What is like what, and what a desk's text leaves open."""

from hypothesis import given
from hypothesis import strategies as st

from madoguchi.rules.filling import PLACES, filled, unknown_places
from madoguchi.rules.likeness import likenesses, pairs

CASES = [
    "Instagramでなりすましのアカウントを作られ、仕事についてうそを書かれた",
    "未成年の娘の写真と合成した画像が同級生のLINEグループで拡散された",
    "電話番号の口コミサイトに私の番号が載り、悪口が書かれている",
]
texts = st.text(max_size=60)


def _likest(text):
    found = likenesses(text, CASES)
    return found.index(max(found))


def test_the_likest_case_is_about_the_same_thing():
    assert _likest("インスタで、なりすましアカウントがありました。仕事のうそです") == 0
    assert _likest("娘の写真をＬＩＮＥで同級生に回されました") == 1
    assert _likest("知らない番号から電話。口コミサイトに番号がのっていた") == 2


def test_what_every_sentence_has_makes_nothing_alike():
    assert likenesses("それはこまっています。どうしたらいいですか", CASES) == [0.0, 0.0, 0.0]
    assert pairs("している") == frozenset()


@given(texts, st.lists(texts, max_size=6))
def test_likeness_lies_between_nothing_and_everything(text, others):
    found = likenesses(text, others)
    assert len(found) == len(others)
    assert all(0 <= it <= 1 for it in found)


@given(texts, st.lists(texts, max_size=4))
def test_nothing_is_liker_than_the_text_itself(text, others):
    found = likenesses(text, [text, *others])
    assert found[0] == max(found)
    assert found[0] > 1 - 1e-9 or not pairs(text)


@given(texts, texts)
def test_likeness_is_the_same_from_both_sides(one, other):
    # Weighed by the same library: both texts are in it.
    there = likenesses(one, [one, other])[1]
    back = likenesses(other, [one, other])[0]
    assert abs(there - back) < 1e-9


def test_a_text_is_filled_and_what_is_not_known_stays_open():
    text = "{呼び名}さん、受付番号は{受付番号}です。{窓口名} {担当}"
    values = {"受付番号": "R8-0041", "窓口名": "ネット相談", "担当": "青井"}
    assert filled(text, values) == "{呼び名}さん、受付番号はR8-0041です。ネット相談 青井"


def test_a_place_nobody_fills_is_told():
    assert unknown_places("{受付番号}{電話番号}{ひとこと}{電話番号}") == ["電話番号", "ひとこと"]
    assert unknown_places("".join(f"{{{it}}}" for it in PLACES)) == []


@given(texts)
def test_a_value_is_put_in_as_it_is_and_not_filled_again(value):
    assert filled("{担当}", {"担当": value or "x"}) == (value or "x")
