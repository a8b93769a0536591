"""Code books: the labels of the official tables, and what is read as them."""

import datetime as dt
from dataclasses import replace

from madoguchi.rules.codebooks import STANDARD, UNKNOWN, Coding, Table, book_on

DAY = dt.date(2024, 4, 1)


def _labels(table: Table) -> list[str]:
    book = book_on(STANDARD, table, DAY)
    assert book is not None
    return [code.label_ja for code in book.codes]


def test_the_standard_books_are_the_printed_tables_in_their_order() -> None:
    assert [table.label_ja for table in Table] == [
        "年代別",
        "手法別",
        "状況別",
        "侵害種別",
        "対応別",
    ]
    assert _labels(Table.AGE_GROUP) == "10代 20代 30代 40代 50代 60歳以上 不明".split()
    assert _labels(Table.CHANNEL) == "電話 SNS メール FAX 手紙 面接".split()
    assert _labels(Table.STANDING) == "被害者 加害者 その他 不明".split()
    assert (
        _labels(Table.INFRINGEMENT_KIND)
        == "誹謗・中傷 差別 違法情報 有害情報 その他 人権問題外 不明".split()
    )
    assert (
        _labels(Table.ACTION_TAKEN)
        == "助言 情報提供 他機関紹介 問題整理 傾聴 専門家連携 中断 継続 その他".split()
    )


def test_only_the_kinds_of_infringement_are_coded_more_than_once() -> None:
    assert [b.table for b in STANDARD if b.coding is Coding.MULTIPLE] == [Table.INFRINGEMENT_KIND]


def test_a_label_is_known_however_wide_it_is_typed() -> None:
    channel = book_on(STANDARD, Table.CHANNEL, DAY)
    age = book_on(STANDARD, Table.AGE_GROUP, DAY)
    kinds = book_on(STANDARD, Table.INFRINGEMENT_KIND, DAY)
    assert channel
    assert age
    assert kinds
    assert channel.key_of("ＦＡＸ ") == "FAX"
    assert channel.key_of("ﾒｰﾙ") == "EMAIL"
    assert age.key_of("６０歳以上") == "SIXTY_OR_OVER"
    assert kinds.key_of("誹謗･中傷") == "DEFAMATION"
    assert channel.key_of("のろし") is None
    assert channel.key_of("") is None


def test_unknown_is_a_code_of_its_own_where_the_printed_table_has_it() -> None:
    with_unknown = {book.table for book in STANDARD if book.knows_unknown}
    assert with_unknown == {Table.AGE_GROUP, Table.STANDING, Table.INFRINGEMENT_KIND}
    assert UNKNOWN == "UNKNOWN"


def test_the_newest_book_in_force_holds() -> None:
    old = next(book for book in STANDARD if book.table is Table.CHANNEL)
    new = replace(old, valid_from=dt.date(2026, 4, 1), codes=old.codes[:2])
    books = (new, old)
    assert book_on(books, Table.CHANNEL, dt.date(2026, 3, 31)) is old
    assert book_on(books, Table.CHANNEL, dt.date(2026, 4, 1)) is new
    ended = replace(old, valid_to=dt.date(2026, 3, 31))
    assert book_on((ended,), Table.CHANNEL, dt.date(2026, 4, 1)) is None
