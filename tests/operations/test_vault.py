"""Sealing: what is sealed opens in its own place, under its own key, and nowhere else."""

import base64
import logging
import stat
from itertools import pairwise
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.rules.numbering import is_sound_code
from madoguchi.vault import keys
from madoguchi.vault.codes import new_code, new_password, proves, slow_hash
from madoguchi.vault.ids import new_id
from madoguchi.vault.keys import KeyMissingError, keyed_hash, master_keys
from madoguchi.vault.models import Key
from madoguchi.vault.sealing import (
    Place,
    Safe,
    SealBrokenError,
    erase,
    open_secret,
    seal_secret,
)
from madoguchi.vault.sessions import SessionStore

STORY = "夜になると、知らない人から写真を送れと書かれます。"


def _key(letter):
    return base64.b64encode(letter.encode() * 32).decode()


@pytest.fixture
def masters(settings):
    """Set the installation's master keys, the current one first."""

    def said(*letters):
        settings.MASTER_KEY = ",".join(_key(letter) for letter in letters)
        master_keys.cache_clear()

    yield said
    master_keys.cache_clear()


@pytest.fixture
def key_file(settings, tmp_path):
    """An installation whose key lies in a file that is not there yet."""
    settings.MASTER_KEY = ""
    settings.MASTER_KEY_PATH = str(tmp_path / "deep" / "here.sqlite3.key")
    settings.EMBEDDED = True
    master_keys.cache_clear()
    yield Path(settings.MASTER_KEY_PATH)
    master_keys.cache_clear()


@pytest.fixture
def place():
    return Place("message", new_id(), "body")


# -- sealing ------------------------------------------------------------------------------


@pytest.mark.django_db
def test_what_is_sealed_opens_again_in_another_safe(place):
    desk, matter = new_id(), new_id()
    sealed = Safe(desk).seal(STORY, holder=matter, place=place)
    assert STORY.encode() not in sealed
    assert Safe(desk).open(sealed, holder=matter, place=place) == STORY
    assert Safe(desk).open(memoryview(sealed), holder=matter, place=place) == STORY


@pytest.mark.django_db
@pytest.mark.parametrize("words", ["", "あ", "𠮷野家🏠", "a\0b", "x" * 100_000])
def test_all_words_come_back_as_they_were(place, words):
    desk, matter = new_id(), new_id()
    sealed = Safe(desk).seal(words, holder=matter, place=place)
    assert Safe(desk).open(sealed, holder=matter, place=place) == words


@pytest.mark.django_db
def test_nothing_sealed_is_nothing_said(place):
    for nothing in (None, b"", memoryview(b"")):
        assert Safe(new_id()).open(nothing, holder=new_id(), place=place) is None


@pytest.mark.django_db
def test_the_same_words_never_look_the_same(place):
    desk, matter = new_id(), new_id()
    safe = Safe(desk)
    assert len({safe.seal(STORY, holder=matter, place=place) for _ in range(20)}) == 20


@pytest.mark.django_db
def test_a_value_moved_elsewhere_does_not_open():
    desk, matter, row = new_id(), new_id(), new_id()
    safe = Safe(desk)
    sealed = safe.seal(STORY, holder=matter, place=Place("message", row, "body"))
    elsewhere = [
        Place("draft", row, "body"),
        Place("message", new_id(), "body"),
        Place("message", row, "subject"),
    ]
    for place in elsewhere:
        with pytest.raises(SealBrokenError):
            safe.open(sealed, holder=matter, place=place)


@pytest.mark.django_db
def test_a_value_moved_to_another_matter_does_not_open(place):
    safe = Safe(new_id())
    mine, theirs = new_id(), new_id()
    sealed = safe.seal(STORY, holder=mine, place=place)
    safe.make_keys([theirs])
    with pytest.raises(SealBrokenError):
        safe.open(sealed, holder=theirs, place=place)


@pytest.mark.django_db
def test_no_bit_of_a_sealed_value_can_be_changed(place):
    safe, matter = Safe(new_id()), new_id()
    sealed = safe.seal("秘密", holder=matter, place=place)
    for at in range(len(sealed)):
        changed = sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :]
        with pytest.raises(SealBrokenError):
            safe.open(changed, holder=matter, place=place)
    for length in range(1, len(sealed)):
        with pytest.raises(SealBrokenError):
            safe.open(sealed[:length], holder=matter, place=place)


@pytest.mark.django_db
def test_another_desk_finds_no_key(place):
    matter = new_id()
    sealed = Safe(new_id()).seal(STORY, holder=matter, place=place)
    assert Safe(new_id()).open(sealed, holder=matter, place=place) is None


@pytest.mark.django_db
def test_a_key_moved_to_another_desk_or_matter_does_not_unwrap(place):
    here, there, matter, other = new_id(), new_id(), new_id(), new_id()
    sealed = Safe(here).seal(STORY, holder=matter, place=place)
    Key.objects.filter(holder=matter).update(desk=there)
    with pytest.raises(SealBrokenError):
        Safe(there).open(sealed, holder=matter, place=place)
    Key.objects.filter(holder=matter).update(desk=here, holder=other)
    with pytest.raises(SealBrokenError):
        Safe(here).open(sealed, holder=other, place=place)


@pytest.mark.django_db
def test_what_is_erased_is_gone_for_good(place):
    desk, matter, other = new_id(), new_id(), new_id()
    sealed = Safe(desk).seal(STORY, holder=matter, place=place)
    kept = Safe(desk).seal(STORY, holder=other, place=place)
    erase(matter)
    assert Safe(desk).open(sealed, holder=matter, place=place) is None
    assert Safe(desk).open(kept, holder=other, place=place) == STORY
    # Sealing for it again makes a new key, which does not open the old words.
    safe = Safe(desk)
    safe.seal("新しい話", holder=matter, place=place)
    with pytest.raises(SealBrokenError):
        safe.open(sealed, holder=matter, place=place)


@pytest.mark.django_db
def test_a_list_of_keys_is_fetched_in_one_query(place, django_assert_num_queries):
    desk, holders = new_id(), [new_id() for _ in range(100)]
    sealed = {holder: Safe(desk).seal("話", holder=holder, place=place) for holder in holders[:3]}
    safe = Safe(desk)
    with django_assert_num_queries(1):
        safe.fetch(holders)
        for holder, value in sealed.items():
            assert safe.open(value, holder=holder, place=place) == "話"


# -- the master key ---------------------------------------------------------------------------


@pytest.mark.django_db
def test_with_another_master_key_nothing_opens(masters, place):
    desk, matter = new_id(), new_id()
    masters("a")
    sealed = Safe(desk).seal(STORY, holder=matter, place=place)
    masters("b")
    with pytest.raises(KeyMissingError):
        Safe(desk).open(sealed, holder=matter, place=place)


@pytest.mark.django_db
def test_after_a_rotation_old_words_open_and_new_ones_are_under_the_new_key(masters, place):
    desk, old, new = new_id(), new_id(), new_id()
    masters("a")
    before = Safe(desk).seal(STORY, holder=old, place=place)
    index = keyed_hash("receipt", "1234")
    secret = seal_secret("otp", purpose="second factor")
    masters("b", "a")
    after = Safe(desk).seal(STORY, holder=new, place=place)
    assert Safe(desk).open(before, holder=old, place=place) == STORY
    assert keyed_hash("receipt", "1234") == index
    assert open_secret(secret, purpose="second factor") == "otp"
    masters("b")
    assert Safe(desk).open(after, holder=new, place=place) == STORY
    with pytest.raises(KeyMissingError):
        Safe(desk).open(before, holder=old, place=place)
    with pytest.raises(KeyMissingError):
        open_secret(secret, purpose="second factor")


@pytest.mark.django_db
def test_what_lies_in_the_database_is_no_key_by_itself(place):
    desk, matter = new_id(), new_id()
    sealed = Safe(desk).seal(STORY, holder=matter, place=place)
    wrapped = bytes(Key.objects.get(holder=matter).wrapped)
    for start in range(len(wrapped) - 31):
        with pytest.raises(InvalidTag):
            AESGCM(wrapped[start : start + 32]).decrypt(sealed[17:29], sealed[29:], place.stamp)


def test_an_embedded_database_gets_a_key_file_that_only_its_owner_reads(key_file, caplog):
    with caplog.at_level(logging.WARNING):
        [made] = master_keys()
    assert len(made) == 32
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
    assert str(key_file) in caplog.text
    assert base64.b64encode(made).decode() not in caplog.text
    assert list(key_file.parent.iterdir()) == [key_file]
    caplog.clear()
    master_keys.cache_clear()
    assert master_keys() == (made,)
    assert not caplog.text


def test_of_two_processes_that_make_a_key_one_is_believed(key_file):
    first = keys._made(key_file)
    assert keys._made(key_file).strip() == first


def test_no_other_database_gets_a_key_file(key_file, settings):
    settings.EMBEDDED = False
    with pytest.raises(KeyMissingError):
        master_keys()
    assert not key_file.exists()
    settings.MASTER_KEY_PATH = ""
    with pytest.raises(KeyMissingError):
        master_keys()


@pytest.mark.parametrize("text", ["no base64!", _key("a")[:-8], "", " , ", "YQ=="])
def test_what_is_no_key_is_refused_and_not_repeated(settings, key_file, text):
    settings.MASTER_KEY = text or ","
    master_keys.cache_clear()
    with pytest.raises(KeyMissingError) as refusal:
        master_keys()
    assert not text.strip(" ,") or text not in str(refusal.value)


@pytest.mark.django_db
def test_a_keyed_hash_needs_the_key_its_purpose_and_its_parts_apart(masters):
    masters("a")
    one = keyed_hash("receipt", "12", "3")
    assert one == keyed_hash("receipt", "12", "3")
    others = [keyed_hash("receipt", "1", "23"), keyed_hash("attempt", "12", "3")]
    masters("b")
    others.append(keyed_hash("receipt", "12", "3"))
    assert len({one, *others}) == 4


def test_a_secret_opens_for_its_own_purpose_only():
    sealed = seal_secret("otp", purpose="second factor")
    assert open_secret(sealed, purpose="second factor") == "otp"
    with pytest.raises(SealBrokenError):
        open_secret(sealed, purpose="another")
    for broken in ("", "not base64 at all", base64.b64encode(b"\x02" + bytes(40)).decode()):
        with pytest.raises(SealBrokenError):
            open_secret(broken, purpose="second factor")


# -- codes and ids ------------------------------------------------------------------------------


def test_a_new_code_is_sound_and_proved_by_its_slow_hash_alone():
    code, other = new_code(), new_code()
    assert is_sound_code(code)
    assert code != other
    hashed = slow_hash(code)
    assert code not in hashed
    assert proves(code, hashed)
    assert not proves(other, hashed)
    assert not proves(code, None)


def test_a_first_password_is_long_and_unmistakable():
    made = {new_password() for _ in range(50)}
    assert len(made) == 50
    assert all(len(password) == 23 and not set(password) & set("01loi") for password in made)


def test_ids_sort_by_age():
    made = [new_id() for _ in range(1000)]
    assert all(older < newer for older, newer in pairwise(made))


# -- no words in the clear ------------------------------------------------------------------------


def _raw_database():
    """Return everything that lies in the database, as text and, of SQLite, as bytes."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 (our own tables)
            for row in cursor.fetchall():
                found += [
                    bytes(v) if isinstance(v, bytes | memoryview) else str(v).encode() for v in row
                ]
    if connection.vendor == "sqlite":
        file = connection.settings_dict["NAME"]
        found += [
            Path(file + end).read_bytes() for end in ("", "-wal") if Path(file + end).exists()
        ]
    return b"\n".join(found)


@pytest.mark.django_db(transaction=True)
def test_no_word_of_a_story_lies_in_the_database(desk, place):
    session = SessionStore()
    session["story"] = STORY
    session.save()
    sealed = Safe(desk.pk).seal(STORY, holder=new_id(), place=place)
    Key.objects.create(holder=new_id(), desk=desk.pk, wrapped=sealed)
    raw = _raw_database()
    assert desk.name.encode() in raw  # the search can find something
    assert sealed in raw
    for start in range(0, len(STORY) - 4, 3):
        piece = STORY[start : start + 4]
        assert piece.encode() not in raw
        assert piece.encode("unicode_escape") not in raw
    assert session.session_key.encode() not in raw


@given(st.text())
def test_any_secret_comes_back(words):
    words = words.encode("utf-8", "ignore").decode()
    assert open_secret(seal_secret(words, purpose="x"), purpose="x") == words
