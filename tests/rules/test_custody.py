"""The chain of custody: whatever is done to it, the first broken link is named."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from madoguchi.rules.custody import START, Link, canonical, digest_of, first_broken

contents = st.lists(st.text(max_size=8), min_size=1, max_size=8)


def _chain(said):
    links, previous = [], START
    for seq, content in enumerate(said, start=1):
        digest = digest_of(seq, content, previous)
        links.append(Link(seq, content, previous, digest))
        previous = digest
    return links


def _verified(links, head):
    return first_broken(links, head_seq=head.seq, head_digest=head.digest)


@given(contents)
def test_an_honest_chain_holds(said):
    links = _chain(said)
    assert _verified(links, links[-1]) is None


def test_an_empty_chain_holds_only_with_an_empty_head():
    assert first_broken([], head_seq=0, head_digest=START) is None
    assert first_broken([], head_seq=3, head_digest=START) == 1
    assert first_broken([], head_seq=0, head_digest="x") is not None


@given(contents, st.data())
def test_a_changed_link_is_named(said, data):
    links = _chain(said)
    at = data.draw(st.integers(0, len(links) - 1))
    link = links[at]
    changed = data.draw(
        st.sampled_from(
            [
                replace(link, content=link.content + "x"),
                replace(link, seq=link.seq + 1),
                replace(link, digest="0" * 64),
                replace(link, previous="f" * 64),
            ]
        )
    )
    assert _verified([*links[:at], changed, *links[at + 1 :]], links[-1]) == at + 1


@given(contents, st.data())
def test_a_missing_link_is_named(said, data):
    links = _chain(said)
    at = data.draw(st.integers(0, len(links) - 1))
    assert _verified(links[:at] + links[at + 1 :], links[-1]) == at + 1


@given(contents, st.data())
def test_a_chain_cut_off_is_named_where_it_was_cut(said, data):
    links = _chain(said)
    kept = data.draw(st.integers(0, len(links) - 1))
    assert _verified(links[:kept], links[-1]) == kept + 1


@given(st.lists(st.text(max_size=8), min_size=2, max_size=8), st.data())
def test_two_links_that_changed_places_are_named(said, data):
    links = _chain(said)
    at = data.draw(st.integers(0, len(links) - 2))
    swapped = [*links[:at], links[at + 1], links[at], *links[at + 2 :]]
    assert _verified(swapped, links[-1]) == at + 1


@given(contents, st.text(max_size=8))
def test_a_link_beyond_the_head_is_named(said, more):
    links = _chain(said)
    assert _verified(_chain([*said, more]), links[-1]) == len(links) + 1


@given(st.lists(st.text(max_size=8), min_size=2, max_size=8), st.data())
def test_a_chain_rewritten_whole_does_not_reach_the_head(said, data):
    links = _chain(said)
    at = data.draw(st.integers(0, len(said) - 1))
    forged = _chain([*said[:at], said[at] + "x", *said[at + 1 :]])
    assert _verified(forged, links[-1]) == len(links)


def test_what_is_said_and_where_it_stands_cannot_be_mixed_up():
    assert digest_of(1, "1\nx", START) != digest_of(11, "\nx", START)
    assert digest_of(1, "a", START) != digest_of(2, "a", START)


def test_the_same_content_is_always_written_the_same():
    assert canonical({"b": 1, "a": "窓"}) == canonical({"a": "窓", "b": 1}) == '{"a":"窓","b":1}'
