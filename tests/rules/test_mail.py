"""Mail as it really comes: every way of writing Japanese, broken, quoted, by machines."""

import base64
import quopri
from email.header import Header
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.rules.mail.letters import header_words, letters_in
from madoguchi.rules.mail.natures import Nature
from madoguchi.rules.mail.plain import text_of_html, unflowed
from madoguchi.rules.mail.quoting import parted
from madoguchi.rules.mail.reading import read_mail
from madoguchi.rules.mail.writing import SUBJECT, Writing, return_address, tokens_in, written
from tests.people import AT

STORY = "知らない人に、うそを書かれて困っています。"
TOKEN = "abcdefghijklmnopqrstuvwxyz"


def _mail(body: bytes, kind="text/plain; charset=utf-8", *, transfer="8bit", more="") -> bytes:
    head = (
        "From: =?utf-8?b?44GI44G/?= <Emi@Home.test>\r\nTo: soudan@desk.test\r\n"
        "Subject: =?ISO-2022-JP?B?GyRCQWpDTBsoQg==?=\r\nMessage-ID: <1@home.test>\r\n"
        f"MIME-Version: 1.0\r\nContent-Type: {kind}\r\nContent-Transfer-Encoding: {transfer}\r\n{more}\r\n"
    )
    return head.encode() + body


@pytest.mark.parametrize("charset", ["utf-8", "iso-2022-jp", "shift_jis", "euc-jp"])
@pytest.mark.parametrize("transfer", ["8bit", "base64", "quoted-printable"])
def test_every_usual_way_of_writing_japanese_is_read(charset, transfer):
    body = STORY.encode(charset)
    wire = {"base64": base64.encodebytes, "quoted-printable": quopri.encodestring}
    body = wire.get(transfer, bytes)(body)
    mail = read_mail(_mail(body, f"text/plain; charset={charset}", transfer=transfer))
    assert mail.new == STORY
    assert (mail.sender, mail.sender_name, mail.subject) == ("emi@home.test", "えみ", "相談")
    assert (mail.message_id, mail.nature) == ("<1@home.test>", Nature.PERSON)


@pytest.mark.parametrize("charset", ["utf-8", "cp932", "euc_jp", "iso-2022-jp"])
@pytest.mark.parametrize(
    "said", ["text/plain", "text/plain; charset=us-ascii", "text/plain; charset=nonsense"]
)
def test_mail_that_says_nothing_true_of_itself_is_read(charset, said):
    assert read_mail(_mail(STORY.encode(charset), said)).new == STORY


def test_letters_that_iso_2022_jp_does_not_have_are_read():
    # ①㈱髙 and half-width kana, as Outlook and old telephones send them.
    numbered = b"\x1b$B-!-j\x1b(B \x1b$B|b\x1b(B \x1b(I;L\x1b(B"
    assert letters_in(numbered, "iso-2022-jp") == "①㈱ 髙 ｻﾌ"


def test_raw_headers_without_any_encoding_are_read():
    raw = "困っています".encode("cp932").decode("ascii", "surrogateescape")
    assert header_words(raw) == "困っています"
    broken = f"{Header('長い件名' * 20, 'iso-2022-jp').encode()} =?utf-8?b?*?="
    assert header_words(broken).startswith("長い件名" * 20)


def test_html_alone_is_read_as_a_person_would_read_it():
    html = (
        "<style>p{}</style><p>はじめまして。<br>困って&nbsp;います。</p>"
        '<p><a href="http://example.com/x">ここ</a>に書かれました。</p><script>alert(1)</script>'
        "<blockquote><p>前の話</p></blockquote>"
    )
    mail = read_mail(_mail(html.encode(), "text/html; charset=utf-8"))
    assert (
        mail.new == "はじめまして。\n困って います。\n\nここ <http://example.com/x>に書かれました。"
    )
    assert mail.history == "> 前の話"


def test_of_alternatives_the_plain_one_is_read_and_attachments_are_told():
    outer = MIMEMultipart("mixed")
    both = MIMEMultipart("alternative")
    both.attach(MIMEText("<b>HTML</b>", "html", "utf-8"))
    both.attach(MIMEText(STORY, "plain", "iso-2022-jp"))
    outer.attach(both)
    picture = MIMEText("x")
    picture.replace_header("Content-Type", "image/png")
    picture["Content-Disposition"] = 'attachment; filename="=?ISO-2022-JP?B?GyRCMmhBfBsoQi5wbmc=?="'
    outer.attach(picture)
    outer["From"] = "emi@home.test"
    mail = read_mail(outer.as_bytes())
    assert [it.name for it in mail.attachments] == ["画像.png"]
    assert mail.new == "HTML"  # the first alternative that holds words


def test_huge_nested_and_broken_mail_is_read_without_complaint():
    boxes = "".join(
        f"--b{n}\nContent-Type: multipart/mixed; boundary=b{n + 1}\n\n" for n in range(500)
    )
    nested = b"Content-Type: multipart/mixed; boundary=b0\n\n" + boxes.encode()
    assert read_mail(nested).nature is Nature.PERSON
    alternatives = boxes.replace("mixed", "alternative").encode()
    read_mail(b"Content-Type: multipart/alternative; boundary=b0\n\n" + alternatives)
    huge = read_mail(_mail(("あ" * 2_000_000).encode()))
    assert len(huge.new) == 60_000
    assert read_mail(b"").new == ""
    assert read_mail(STORY.encode()).new == STORY


@given(
    st.binary(max_size=400),
    st.sampled_from(["", "text/html", "multipart/report", "message/rfc822"]),
)
def test_nothing_that_can_come_is_refused(body, kind):
    head = (
        f"From: x\nContent-Type: {kind}; boundary=a; charset=x\n\n--a\n".encode() if kind else b""
    )
    mail = read_mail(head + body)
    assert "\x00" not in mail.new + mail.subject
    (mail.new + mail.history + mail.subject + mail.sender_name).encode()


def test_flowed_paragraphs_are_whole_again():
    assert unflowed("こんに \nちは\n> 前", without_space=True) == "こんにちは\n> 前"
    assert unflowed("a \nb", without_space=False) == "a b"
    assert text_of_html("<ul><li>一<li>二</ul>") == "・一\n・二"


@pytest.mark.parametrize(
    "history",
    [
        "2025年5月15日(木) 14:00 相談窓口 <soudan@desk.test>:\n\n> お返事です。\n> つづき",
        "2025/05/15 14:00、soudan@desk.test のメール:\n\n> お返事です。",
        "On Thu, May 15, 2025 at 2:00 PM <soudan@desk.test> wrote:\n> お返事です。",
        "On Thu, May 15, 2025 at 2:00 PM a long name\n<soudan@desk.test> wrote:\n> お返事です。",
        "-----Original Message-----\nFrom: soudan@desk.test\n\nお返事です。",
        "________________________________\n差出人: soudan@desk.test\n送信日時: 2025年5月15日\n宛先: emi\n件名: お知らせ\n\nお返事です。",
        "> お返事です。",
    ],
)
def test_earlier_talk_below_is_told_from_what_is_new(history):
    assert parted(f"ありがとうございます。\n\n{history}") == ("ありがとうございます。", history)


@pytest.mark.parametrize(
    "text",
    [
        "> どこに書かれましたか\nXです。\n> いつですか\n5月です。",
        "> 引用だけ",
        "5月15日に「死ね」と書きました：と言われました。\nつらいです。",
        "From: 犯人\nと書いてありました。",
    ],
)
def test_answers_between_the_lines_stay(text):
    assert parted(text) == (text, "")


@pytest.mark.parametrize(
    ("headers", "nature"),
    [
        ("Auto-Submitted: auto-replied\r\n", Nature.AUTOMATIC),
        ("X-Autoreply: yes\r\n", Nature.AUTOMATIC),
        ("Precedence: bulk\r\n", Nature.AUTOMATIC),
        ("List-Id: <news.example>\r\n", Nature.LIST),
        ("List-Unsubscribe: <mailto:x@example>\r\n", Nature.LIST),
        ("Auto-Submitted: no\r\n", Nature.PERSON),
        ("X-Auto-Response-Suppress: All\r\n", Nature.PERSON),
    ],
)
def test_machines_are_told_from_people(headers, nature):
    assert read_mail(_mail(STORY.encode(), more=headers)).nature is nature


def _report(action: str) -> bytes:
    return (
        "From: MAILER-DAEMON@home.test\r\nTo: soudan@desk.test\r\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
        "--b\r\n\r\nSorry.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n"
        f"Reporting-MTA: dns; x\r\n\r\nAction: {action}\r\nStatus: 5.1.1\r\n\r\n"
        f"--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <{TOKEN}@desk.test>\r\n\r\nx\r\n--b--\r\n"
    ).encode()


def test_a_delivery_report_tells_which_mail_came_back_and_why():
    mail = read_mail(_report("failed"))
    assert mail.nature is Nature.BOUNCE
    assert (mail.bounce.code, mail.bounce.message_ids) == ("5.1.1", (f"<{TOKEN}@desk.test>",))
    assert mail.attachments == () or [it.content_type for it in mail.attachments] == [
        "message/rfc822"
    ]


def test_a_report_of_a_delay_is_no_bounce():
    assert read_mail(_report("delayed")).nature is Nature.AUTOMATIC


def test_a_carrier_that_reports_in_plain_words_is_understood():
    raw = _mail(b"550 5.1.1 Unknown user", more="").replace(
        b"Emi@Home.test", b"MAILER-DAEMON@docomo.test"
    )
    raw = raw.replace(b"=?ISO-2022-JP?B?GyRCQWpDTBsoQg==?=", b"Returned mail: see transcript")
    assert read_mail(raw).bounce.code == "5.1.1"


def test_a_mail_of_ours_says_nothing_by_its_head():
    writing = Writing(sender="soudan@desk.test", to="emi@home.test", words=STORY, token=TOKEN)
    raw = written(writing, AT)
    mail = read_mail(raw)
    assert (mail.subject, mail.sender_name, mail.new) == (SUBJECT, "", STORY)
    head = raw.partition(b"\r\n\r\n")[0].decode()
    assert "Madoguchi" not in head
    assert return_address(writing) == f"soudan+{TOKEN}@desk.test"
    assert STORY.encode() not in raw


def test_an_old_carriers_address_goes_out_as_it_is():
    odd = "..emi..@docomo.test"
    raw = written(Writing(sender="a@desk.test", to=odd, words="x", token=TOKEN), AT)
    assert f"To: {odd}\r\n".encode() in raw


def test_a_token_comes_back_by_address_or_by_reference_and_nothing_else_does():
    by_address = tokens_in((f"soudan+{TOKEN}@desk.test",), (), "soudan@desk.test")
    by_reference = tokens_in((), (f"<{TOKEN.upper()}@desk.test>",), "soudan@desk.test")
    assert by_address == by_reference == [TOKEN]
    assert (
        tokens_in(("soudan+r8-0412@desk.test", f"other+{TOKEN}@desk.test"), (), "soudan@desk.test")
        == []
    )
