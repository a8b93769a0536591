"""The adviser's desk, as a browser asks for it."""

import datetime as dt
import re
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.urls import reverse

from madoguchi.consultations.models import Consultation, Contact
from madoguchi.consultations.operations import noting, receiving, working
from madoguchi.consultations.operations.noting import Classification
from madoguchi.consultations.operations.receiving import Letter
from madoguchi.consultations.queries import kinds_of
from madoguchi.correspondence.models import Draft, Kind, Message
from madoguchi.correspondence.operations.words import begin_draft
from madoguchi.correspondence.queries.words import drafts_of, messages_in
from madoguchi.desks.models import User
from madoguchi.rules.consultation import Status
from madoguchi.rules.particulars import Particulars
from madoguchi.rules.triage import Signals
from madoguchi.workbench.forms import folded_number
from tests.people import AT, at_the_desk, the_pause_passes

LATER = AT + dt.timedelta(hours=1)
HTMX = {"HTTP_HX_REQUEST": "true"}
STORY = (
    "なりすましのアカウントを作られ、仕事についてうそを書かれています。どうすればよいか分かりません"
)


def _receive(desk, words=STORY, at=AT, **said):
    letter = Letter(words=words, channel="EMAIL", **said)
    return receiving.receive(desk=desk.pk, letter=letter, at=at)


@pytest.fixture
def emi(desk):
    """Emi's matter, just received."""
    return _receive(desk, particulars=Particulars(nickname="ゆき", wants=("w2", "w3")))


@pytest.fixture
def table(aoi):
    """Aoi's browser."""
    return at_the_desk(aoi)


@pytest.fixture
def in_charge(emi, aoi):
    """Emi's matter, in Aoi's charge."""
    working.take_charge(matter=emi.matter, actor=aoi.actor, at=AT)
    return emi


def _page(client, number, **said):
    return client.get(f"/desk/matters/{number}/", said).content.decode()


def _begin(client, number, kind):
    client.post(f"/desk/matters/{number}/write/", {"kind": kind})
    return Draft.objects.get(kind=kind)


def _call(client):
    where = client.post("/desk/calls/")["Location"]
    return Draft.objects.latest("started_at"), where


def _said(client):
    return re.findall(r'class="notice-words">\s*<p>(.*?)</p>', client)


# -- who sees what ----------------------------------------------------------------------


def _addresses(number, draft):
    matter = ["matter", "begin", "classify", "take-charge", "assign", "check-safety", "close"]
    named = [reverse(f"workbench:{name}", args=[number]) for name in [*matter, "reopen"]]
    drafts = ["draft", "record", "broken-off", "drop"]
    return named + [reverse(f"workbench:{name}", args=[draft]) for name in drafts]


@pytest.mark.parametrize("who", ["chika", "daichi"])
def test_to_a_stranger_no_page_of_ours_exists(emi, aoi, who, request):
    stranger = at_the_desk(request.getfixturevalue(who))
    draft = begin_draft(actor=aoi.actor, kind=Kind.NOTE, matter=emi.matter, at=AT)
    before = list(Consultation.objects.values())
    for url in _addresses(emi.number, draft.pk):
        assert stranger.post(url).status_code == 404, url
    for url in (f"/desk/matters/{emi.number}/", f"/desk/drafts/{draft.pk}/"):
        assert stranger.get(url).status_code == 404, url
    assert list(Consultation.objects.values()) == before
    assert Draft.objects.count() == 1


def test_another_desks_inbox_is_empty(emi, chika):
    page = at_the_desk(chika).get("/desk/?list=all").content.decode()
    assert emi.number not in page
    assert STORY[:10] not in page


def test_a_statistician_is_led_to_the_figures(daichi):
    client = at_the_desk(daichi)
    assert client.get("/desk/")["Location"] == reverse("statistics:figures")
    assert client.post("/desk/calls/").status_code == 404


def test_a_colleague_does_not_read_my_draft(emi, aoi, beni):
    draft = begin_draft(actor=aoi.actor, kind=Kind.NOTE, matter=emi.matter, at=AT)
    colleague = at_the_desk(beni)
    mine = at_the_desk(aoi)
    mine.post(f"/desk/drafts/{draft.pk}/", {"words": "ひみつの話"}, **HTMX)
    assert "ひみつの話" in _page(mine, emi.number)
    assert "ひみつの話" not in _page(colleague, emi.number)
    assert colleague.get(f"/desk/drafts/{draft.pk}/").status_code == 404
    answer = colleague.post(f"/desk/drafts/{draft.pk}/", {"words": "うわ書き"}, **HTMX)
    assert answer.status_code == 404
    assert drafts_of(aoi.actor)[0].words == "ひみつの話"


@pytest.mark.parametrize("number", ["R9-9999", "x", "%00", "R7-0001'"])
def test_a_matter_that_is_not_there_is_404(table, number):
    assert table.get(f"/desk/matters/{number}/").status_code == 404


# -- the inbox --------------------------------------------------------------------------


def test_danger_stands_first_then_who_waits_longest(desk, table):
    late = _receive(desk, "あと", at=AT + dt.timedelta(hours=2))
    early = _receive(desk, "さき", at=AT + dt.timedelta(hours=1))
    danger = _receive(
        desk, "危ない", at=AT + dt.timedelta(hours=3), signals=Signals(danger_words=True)
    )
    page = table.get("/desk/?list=all").content.decode()
    assert re.findall(r"<b>(R7-\d+)</b>", page) == [danger.number, early.number, late.number]
    assert "安全確認" in page


def test_whoever_is_waiting_for_the_person_stands_below_whoever_the_person_waits_for(
    desk, aoi, table
):
    answered, asked = _receive(desk, "返事ずみ"), _receive(desk, "返事がまだ", at=LATER)
    for each in (answered, asked):
        working.read(matter=each.matter, actor=aoi.actor, at=LATER)
        working.take_charge(matter=each.matter, actor=aoi.actor, at=LATER)
    working.reply(matter=answered.matter, actor=aoi.actor, words="どうですか", at=LATER)
    page = table.get("/desk/?list=all").content.decode()
    assert re.findall(r"<b>(R7-\d+)</b>", page) == [asked.number, answered.number]


def test_the_lists_tell_mine_from_nobodys_and_closed(desk, in_charge, table, aoi):
    free = _receive(desk, "だれの担当でもない")
    lists = {
        "mine": {in_charge.number},
        "unassigned": {free.number},
        "all": {in_charge.number, free.number},
        "closed": set(),
    }
    for name, expected in lists.items():
        page = table.get("/desk/", {"list": name}).content.decode()
        assert set(re.findall(r"<b>(R7-\d+)</b>", page)) == expected, name


def test_the_badges_say_what_is_new_and_how_it_came(emi, table):
    page = table.get("/desk/?list=all").content.decode()
    for word in ("新しい相談", "未着手", "メール"):
        assert word in page
    _page(table, emi.number)
    assert "新しい相談" not in table.get("/desk/?list=all").content.decode()
    receiving.hear(
        matter=emi.matter, words="もう一つ", channel="EMAIL", signals=Signals(), at=LATER
    )
    assert "新しい返信" in table.get("/desk/?list=all").content.decode()


@pytest.mark.parametrize("query", ["?list=nonsense", "?page=99", "?page=x", "?list=closed&page=-1"])
def test_a_list_that_is_not_there_is_the_first_one(emi, table, query):
    assert table.get(f"/desk/{query}").status_code == 200


def test_a_note_begun_stands_on_top_of_the_inbox(table):
    draft, _where = _call(table)
    table.post(f"/desk/drafts/{draft.pk}/", {"words": "書きかけの話"}, **HTMX)
    page = table.get("/desk/").content.decode()
    assert "書きかけのメモ" in page
    assert "書きかけの話" in page


# -- the matter -------------------------------------------------------------------------


def test_the_title_of_a_matter_is_its_number_and_no_word_of_the_story(emi, table):
    page = _page(table, emi.number)
    title = re.search(r"<title>(.*?)</title>", page, re.DOTALL)
    assert title
    assert title[1].startswith(emi.number)
    assert "なりすまし" not in title[1]
    assert STORY in page
    assert "「ゆき」" in page
    assert "書いた人を知りたい" in page


def test_opening_a_matter_is_written_down_and_tells_the_person(emi, table):
    assert "開いて読んだ" in _page(table, emi.number)
    assert Message.objects.get().read_at


def test_the_months_of_a_matter_are_counted(emi, table):
    receiving.hear(
        matter=emi.matter,
        words="翌月",
        channel="EMAIL",
        signals=Signals(),
        at=AT + dt.timedelta(days=31),
    )
    page = re.sub(r"\s+", " ", _page(table, emi.number))
    assert "<dt>令和7年6月</dt><dd>実件数 1・のべ 1</dd>" in page
    assert "<dt>令和7年5月</dt><dd>新規 1・実件数 1・のべ 1</dd>" in page


def test_the_order_of_what_happened_can_be_turned(emi, table):
    receiving.hear(
        matter=emi.matter, words="あとの話", channel="EMAIL", signals=Signals(), at=LATER
    )
    newest, oldest = _page(table, emi.number), _page(table, emi.number, order="oldest")
    assert newest.index("あとの話") < newest.index("最初の相談")
    assert oldest.index("最初の相談") < oldest.index("あとの話")


def test_taking_charge_closing_and_reopening(emi, table, beni):
    number = emi.number
    table.post(f"/desk/matters/{number}/take-charge/")
    contact = Contact.objects.get()
    page = table.post(f"/desk/matters/{number}/close/", follow=True).content.decode()
    sentence = _said(page)[-1]
    assert "5月15日14時00分のメール" in sentence
    assert Consultation.objects.get().status == Status.IN_PROGRESS
    table.post(
        f"/desk/matters/{number}/classify/",
        {"kinds": ["DEFAMATION", "OTHER"], f"action-{contact.pk}": "ADVICE"},
    )
    assert kinds_of(Consultation.objects.get()) == {"DEFAMATION", "OTHER"}
    table.post(f"/desk/matters/{number}/close/")
    assert Consultation.objects.get().status == Status.CLOSED
    page = table.post(f"/desk/matters/{number}/reopen/", follow=True).content.decode()
    assert "責任者だけ" in _said(page)[-1]
    at_the_desk(beni).post(f"/desk/matters/{number}/reopen/")
    assert Consultation.objects.get().status == Status.RECEIVED


def test_a_button_pressed_too_early_says_what_to_do_first(emi, table):
    page = table.post(f"/desk/matters/{emi.number}/close/", follow=True).content.decode()
    assert "対応がまだ選ばれていない" in _said(page)[0]


def test_the_supervisor_assigns_and_an_adviser_may_not(emi, table, aoi, beni):
    url = f"/desk/matters/{emi.number}/assign/"
    supervisor = at_the_desk(beni)
    assert 'name="adviser"' not in _page(table, emi.number)
    assert 'name="adviser"' in _page(supervisor, emi.number)
    table.post(url, {"adviser": str(aoi.pk)})
    assert Consultation.objects.get().adviser is None
    supervisor.post(url, {"adviser": str(aoi.pk)})
    assert Consultation.objects.get().adviser == aoi


def test_nobody_from_elsewhere_is_offered_or_taken(emi, beni, chika, daichi):
    supervisor = at_the_desk(beni)
    for person in (chika, daichi):
        assert str(person.pk) not in _page(supervisor, emi.number)
        supervisor.post(f"/desk/matters/{emi.number}/assign/", {"adviser": str(person.pk)})
    assert Consultation.objects.get().adviser is None


def test_the_safety_strip_goes_when_safety_is_checked(desk, table):
    number = _receive(desk, "消えたい", signals=Signals(danger_words=True)).number
    assert "確認を記録する" in _page(table, number)
    table.post(f"/desk/matters/{number}/safety/", {"how": "SPOKEN", "words": "母といる。"})
    page = _page(table, number)
    assert "確認を記録する" not in page
    assert "安全を確認した（話して安全を確かめた）" in page


@pytest.mark.parametrize(
    "posted", [{}, {"how": "SOMEHOW"}, {"how": "SPOKEN"}, {"how": "SPOKEN", "words": " "}]
)
def test_a_safety_check_says_what_was_checked(desk, table, posted):
    number = _receive(desk, "消えたい", signals=Signals(danger_words=True)).number
    answer = table.post(f"/desk/matters/{number}/safety/", posted)
    assert answer.status_code == 400
    assert Consultation.objects.get().safety_check_due
    assert "安全を確認した" not in answer.content.decode()


def test_whoever_is_not_reached_is_still_to_be_asked(desk, table):
    number = _receive(desk, "消えたい", signals=Signals(danger_words=True)).number
    table.post(f"/desk/matters/{number}/safety/", {"how": "UNREACHED"})
    page = _page(table, number)
    assert "確認を記録する" in page
    assert "：安全確認で、連絡がつかなかった" in page
    assert "安全を確認した（" not in page


# -- colleagues at the same time --------------------------------------------------------


def test_a_closed_matter_that_comes_back_can_be_taken_up_by_its_adviser(in_charge, table, aoi):
    Contact.objects.update(action="ADVICE")
    working.close(matter=in_charge.matter, actor=aoi.actor, at=AT)
    assert "再開は責任者だけ" in _page(table, in_charge.number)
    receiving.hear(
        matter=in_charge.matter, words="また", channel="EMAIL", signals=Signals(), at=LATER
    )
    page = _page(table, in_charge.number)
    assert "take-charge" in page
    table.post(f"/desk/matters/{in_charge.number}/take-charge/", {"seen": _hidden(page, "seen")})
    page = _page(table, in_charge.number)
    assert "返信を書く" in page
    assert "take-charge" not in page


def _seen_in(page, address):
    return re.search(rf'action="[^"]*{address}/".*?name="seen" value="([^"]*)"', page, re.DOTALL)[1]


def test_a_colleagues_classification_is_not_overwritten_unseen(emi, table, beni):
    url = f"/desk/matters/{emi.number}/classify/"
    seen = _seen_in(_page(table, emi.number), "classify")
    at_the_desk(beni).post(url, {"kinds": ["DEFAMATION"], "age_group": "TWENTIES", "seen": seen})
    mine = {"kinds": ["OTHER"], "seen": seen}
    answer = table.post(url, mine)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert kinds_of(Consultation.objects.get()) == {"DEFAMATION"}
    assert re.search(r'value="OTHER"[^>]* checked', page)
    assert "いま保存されている分類" in page
    table.post(url, {**mine, "seen": _seen_in(page, "classify")})
    assert kinds_of(Consultation.objects.get()) == {"OTHER"}


def test_a_form_with_a_mistake_does_not_forget_what_it_saw(emi, table, beni):
    url = f"/desk/matters/{emi.number}/classify/"
    seen = _seen_in(_page(table, emi.number), "classify")
    at_the_desk(beni).post(url, {"kinds": ["DEFAMATION"]})
    page = table.post(url, {"age_group": "NINETY", "seen": seen}).content.decode()
    assert _seen_in(page, "classify") == seen


def test_taking_charge_from_a_colleague_takes_a_second_press(emi, table, aoi, beni):
    url = f"/desk/matters/{emi.number}/take-charge/"
    seen = _seen_in(_page(table, emi.number), "take-charge")
    assert seen == ""
    working.take_charge(matter=emi.matter, actor=beni.actor, at=AT)
    answer = table.post(url, {"seen": seen})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert f"{beni.name}さんが、さきに担当になりました" in page
    assert Consultation.objects.get().adviser == beni
    table.post(url, {"seen": _seen_in(page, "take-charge")})
    assert Consultation.objects.get().adviser == aoi


def test_pressing_twice_oneself_is_no_quarrel(emi, table):
    url = f"/desk/matters/{emi.number}/take-charge/"
    assert table.post(url, {"seen": ""}).status_code == 302
    assert table.post(url, {"seen": ""}).status_code == 302


def test_the_record_says_who_was_put_in_charge(emi, table, aoi, beni):
    working.assign(matter=emi.matter, actor=beni.actor, adviser=aoi.pk, at=AT)
    assert f"担当を決めた（{aoi.name}）" in _page(table, emi.number)


@pytest.mark.parametrize(
    ("chosen", "told"), [("mine", True), ("closed", True), ("unassigned", False), ("all", False)]
)
def test_danger_is_told_in_words_on_every_list_that_does_not_show_it(desk, table, chosen, told):
    _receive(desk, "消えたい", signals=Signals(danger_words=True))
    page = table.get(f"/desk/?list={chosen}").content.decode()
    assert ("安全確認がいる相談が1件あります（未割当）" in page) is told


def test_danger_in_a_colleagues_hands_is_told_too(desk, table, beni):
    matter = _receive(desk, "消えたい", signals=Signals(danger_words=True)).matter
    working.take_charge(matter=matter, actor=beni.actor, at=AT)
    page = table.get("/desk/?list=unassigned").content.decode()
    assert "安全確認がいる相談が1件あります（ほかの人の担当）" in page


def test_who_has_nothing_sees_what_nobody_has(table):
    page = table.get("/desk/").content.decode()
    assert re.search(r'list=unassigned" aria-current="true"', page)


def test_writing_again_does_not_put_anybody_back(desk, table):
    first, second = _receive(desk, "さき"), _receive(desk, "あと", at=LATER)
    receiving.hear(
        matter=first.matter,
        words="まだですか",
        channel="EMAIL",
        signals=Signals(),
        at=LATER + dt.timedelta(hours=1),
    )
    page = table.get("/desk/?list=all").content.decode()
    assert re.findall(r"<b>(R7-\d+)</b>", page) == [first.number, second.number]


def test_the_way_to_ones_own_sign_in_stands_beside_the_name(table):
    assert f'href="{reverse("mfa_index")}"' in table.get("/desk/").content.decode()


def test_the_figures_have_the_menu_of_the_desk(emi, beni, daichi):
    page = at_the_desk(beni).get(reverse("statistics:figures")).content.decode()
    for word in ("受信箱 <em>1</em>", 'data-key="Alt+N"', reverse("guide:windows")):
        assert word in page
    page = at_the_desk(daichi).get(reverse("statistics:figures")).content.decode()
    assert "受信箱" not in page
    assert "Alt+N" not in page
    assert reverse("mfa_index") in page


def test_one_contact_takes_one_action_however_often_it_is_said(emi, table):
    contact = Contact.objects.get()
    url = f"/desk/matters/{emi.number}/classify/"
    assert "対応が未分類" in _page(table, emi.number)
    table.post(url, {f"action-{contact.pk}": ["ADVICE", "LISTENING"]})
    table.post(url, {f"action-{contact.pk}": "REFERRED"})
    contact.refresh_from_db()
    assert contact.action == "LISTENING"
    assert "対応が未分類" not in _page(table, emi.number)


def test_a_code_that_was_never_offered_is_refused_in_a_sentence(emi, table):
    answer = table.post(f"/desk/matters/{emi.number}/classify/", {"age_group": "NINETY"})
    assert answer.status_code == 400
    assert Consultation.objects.get().age_group == "UNKNOWN"


# -- the call note ----------------------------------------------------------------------


def test_a_call_begins_in_one_press_with_the_cursor_in_the_note(table):
    _draft, where = _call(table)
    page = table.get(where).content.decode()
    assert re.search(r'<textarea[^>]*name="words"[^>]* autofocus', page)
    assert 'data-key="Alt+N"' in page


def test_what_is_typed_survives_a_new_page_and_a_new_session(table, aoi):
    draft, where = _call(table)
    answer = table.post(
        where, {"words": "職場に知られる\r\nのがこわい", "kinds": ["OTHER"]}, **HTMX
    )
    assert answer.status_code == 200
    assert re.search(r"\d\d時\d\d分\d\d秒\s+自動保存", answer.content.decode())
    again = at_the_desk(aoi).get(where).content.decode()
    assert "職場に知られる\nのがこわい" in again
    assert re.search(r'value="OTHER"[^>]* checked', again)
    assert Contact.objects.count() == 0
    assert draft.pk


def test_half_a_sentence_can_be_recorded(table):
    draft, _where = _call(table)
    table.post(f"/desk/drafts/{draft.pk}/record/", {"words": "もしもし", "channel": "TELEPHONE"})
    contact = Contact.objects.get()
    assert (contact.channel, contact.action) == ("TELEPHONE", None)
    assert not Draft.objects.exists()
    row = Consultation.objects.select_related("matter").get()
    assert [m.words for m in messages_in(row.matter)] == ["もしもし"]


def test_everything_about_a_call_can_be_said_at_once(table):
    draft, _where = _call(table)
    table.post(
        f"/desk/drafts/{draft.pk}/record/",
        {
            "words": "長い話",
            "channel": "INTERVIEW",
            "action": "LISTENING",
            "kinds": ["DISCRIMINATION"],
            "age_group": "TEENS",
            "standing": "AFFECTED",
            "minutes": "４５分",
        },
    )
    contact = Contact.objects.get()
    assert (contact.channel, contact.action, contact.minutes) == ("INTERVIEW", "LISTENING", 45)
    row = Consultation.objects.get()
    assert (row.age_group, row.standing) == ("TEENS", "AFFECTED")
    assert kinds_of(row) == {"DISCRIMINATION"}


@pytest.mark.parametrize(
    ("posted", "sentence"),
    [
        (
            {"words": "大事な話", "channel": "TELEPHONE", "minutes": "半時間"},
            "数字で書いてください",
        ),
        ({"words": "大事な話", "channel": "TELEPHONE", "number": "R7-9999"}, "番号を確かめて"),
        ({"words": " ", "channel": "TELEPHONE"}, "ひとことでも書くか"),
        ({"words": "大事な話", "channel": "PIGEON"}, "大事な話"),
    ],
)
def test_a_note_that_is_not_taken_keeps_every_word(table, posted, sentence):
    draft, _where = _call(table)
    answer = table.post(f"/desk/drafts/{draft.pk}/record/", posted)
    assert answer.status_code == 400
    page = answer.content.decode()
    assert sentence in page
    assert posted["words"] in page
    assert not Contact.objects.exists()
    assert Draft.objects.exists()


def test_a_silent_call_is_over_in_one_press(table):
    draft, _where = _call(table)
    table.post(f"/desk/drafts/{draft.pk}/broken-off/", {"words": "", "channel": "TELEPHONE"})
    assert Contact.objects.get().action == "BROKEN_OFF"
    assert Consultation.objects.get().status == Status.CLOSED
    assert not Draft.objects.exists()


@pytest.mark.parametrize("typed", ["{}", " {} ", "wide", "short"])
def test_who_called_before_is_found_by_number(emi, table, typed):
    wide = emi.number.translate(str.maketrans("R70123456789-", "ｒ7０１２３４５６７８９ー"))
    short = f"r7-{int(emi.number.split('-')[1])}"
    said = {"wide": wide, "short": short}.get(typed, typed.format(emi.number))
    draft, _where = _call(table)
    table.post(
        f"/desk/drafts/{draft.pk}/record/",
        {"words": "前にも相談した", "channel": "TELEPHONE", "number": said},
    )
    assert Contact.objects.filter(consultation=emi.matter).count() == 2


def test_another_desks_number_is_no_number(emi, chika):
    client = at_the_desk(chika)
    draft, _where = _call(client)
    answer = client.post(
        f"/desk/drafts/{draft.pk}/record/",
        {"words": "x", "channel": "TELEPHONE", "number": emi.number},
    )
    assert answer.status_code == 400
    assert Contact.objects.count() == 1


def test_a_number_folds_whatever_was_typed():
    assert folded_number("ｒ８ー41") == "R8-0041"
    assert folded_number("R8−0412") == "R8-0412"


def test_a_note_in_a_matter_is_written_on_its_page(emi, table):
    draft = _begin(table, emi.number, "NOTE")
    page = _page(table, emi.number, write="NOTE")
    assert "通話中の電話メモ" in page
    assert str(draft.pk) in page
    Draft.objects.update(started_at=AT)
    assert "書きかけの電話メモ" in _page(table, emi.number)
    assert table.get(f"/desk/drafts/{draft.pk}/").status_code == 302


def test_a_kind_of_writing_that_is_not_ours_is_404(emi, table):
    url = f"/desk/matters/{emi.number}/write/"
    for kind in ("FROM_PERSON", "x", ""):
        assert table.post(url, {"kind": kind}).status_code == 404


# -- two tabs, lost sessions --------------------------------------------------------------


def _hidden(page, name):
    return re.findall(rf'name="{name}" value="([^"]*)"', page)[0]


def test_a_second_tab_shows_both_texts_before_one_is_kept(table, aoi):
    _draft, where = _call(table)
    one, two = (table.get(where).content.decode() for _tab in range(2))
    pens = [{"page": _hidden(tab, "page"), "seen": _hidden(tab, "seen")} for tab in (one, two)]
    assert pens[0]["page"] != pens[1]["page"]
    assert table.post(where, {"words": "一つめ", **pens[0]}, **HTMX).status_code == 200
    clash = table.post(where, {"words": "二つめ", **pens[1]}, **HTMX)
    assert clash.status_code == 409
    assert "一つめ" in clash.content.decode()
    assert drafts_of(aoi.actor)[0].words == "一つめ"
    still = table.post(
        where,
        {"words": "二つめ", **pens[1], "seen": _hidden(clash.content.decode(), "seen")},
        **HTMX,
    )
    assert still.status_code == 409
    agreed = re.findall(r'type="checkbox" name="seen" value="([^"]*)"', clash.content.decode())[0]
    kept = table.post(where, {"words": "二つめ", **pens[1], "seen": ["", agreed]}, **HTMX)
    assert kept.status_code == 200
    assert drafts_of(aoi.actor)[0].words == "二つめ"


def test_recording_from_a_stale_tab_shows_both_texts(table):
    draft, where = _call(table)
    table.post(where, {"words": "一つめ", "page": "one"}, **HTMX)
    answer = table.post(
        f"/desk/drafts/{draft.pk}/record/",
        {"words": "二つめ", "channel": "TELEPHONE", "page": "two"},
    )
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "一つめ" in page
    assert "二つめ" in page
    assert not Contact.objects.exists()


def test_words_for_a_draft_recorded_elsewhere_are_given_back(table):
    draft, where = _call(table)
    record = f"/desk/drafts/{draft.pk}/record/"
    table.post(record, {"words": "話", "channel": "TELEPHONE"})
    assert table.post(where, {"words": "話のつづき"}, **HTMX).status_code == 404
    answer = table.post(record, {"words": "話のつづき", "channel": "TELEPHONE"})
    assert answer.status_code == 404
    assert "話のつづき" in answer.content.decode()
    assert Contact.objects.count() == 1


def test_the_back_button_leads_from_a_recorded_note_to_its_matter(table):
    _draft, where = _call(table)
    matter = table.post(f"{where}record/", {"words": "話", "channel": "TELEPHONE"})["Location"]
    assert table.get(where)["Location"] == matter
    other, elsewhere = _call(table)
    table.post(f"/desk/drafts/{other.pk}/drop/")
    assert table.get(elsewhere).status_code == 404


def test_whatever_was_written_at_the_desk_after_signing_out_is_given_back():
    written = {"title": "ログの保存期間について", "words": "聞かれたこと", "advice": "三か月" * 9}
    typed, form = "application/x-www-form-urlencoded", {**written, "kind": "FAQ", "code": "あ" * 30}
    answer = Client().post("/desk/handbook/new/", urlencode(form), content_type=typed)
    page = answer.content.decode()
    assert answer.status_code == 403
    assert written["words"] in page
    assert written["advice"] in page
    assert "あ" * 30 not in page
    pressed = Client().post("/desk/handbook/new/", "kind=FAQ", content_type=typed)
    assert pressed.status_code == 302


def test_words_sent_after_signing_out_are_given_back(table):
    draft, _where = _call(table)
    answer = Client().post(f"/desk/drafts/{draft.pk}/record/", {"words": "話のつづき"})
    assert answer.status_code == 403
    assert "話のつづき" in answer.content.decode()


def test_saving_works_without_scripts(table, aoi):
    _draft, where = _call(table)
    answer = table.post(where, {"words": "ここまで", "channel": "TELEPHONE"})
    assert answer["Location"] == where
    assert drafts_of(aoi.actor)[0].words == "ここまで"
    assert "途中で保存" in table.get(where).content.decode()


def test_a_draft_given_up_is_gone(table):
    draft, _where = _call(table)
    table.post(f"/desk/drafts/{draft.pk}/drop/")
    assert not Draft.objects.exists()


# -- reply and memo -----------------------------------------------------------------------


def test_a_reply_is_sent_and_is_no_contact(in_charge, table):
    draft = _begin(table, in_charge.number, "REPLY")
    table.post(f"/desk/drafts/{draft.pk}/record/", {"words": "まずURLを残してください"})
    assert Contact.objects.count() == 1
    page = _page(table, in_charge.number)
    assert "返信を送った" in page
    assert "まだ相談者に見えていません" in page
    the_pause_passes()
    assert "まだ読まれていません" in _page(table, in_charge.number)


def test_a_reply_before_taking_charge_stays_a_draft(emi, table):
    draft = _begin(table, emi.number, "REPLY")
    answer = table.post(f"/desk/drafts/{draft.pk}/record/", {"words": "大事な返事"})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "担当になってから" in page
    assert "大事な返事" in page
    assert not Message.objects.filter(kind=Kind.REPLY).exists()


def test_an_empty_reply_is_not_sent(in_charge, table):
    draft = _begin(table, in_charge.number, "REPLY")
    answer = table.post(f"/desk/drafts/{draft.pk}/record/", {"words": " \n "})
    assert answer.status_code == 400
    assert not Message.objects.filter(kind=Kind.REPLY).exists()


def test_a_memo_says_that_the_person_does_not_see_it(emi, table):
    draft = _begin(table, emi.number, "MEMO")
    assert "相談者には見えません" in _page(table, emi.number, write="MEMO")
    table.post(f"/desk/drafts/{draft.pk}/record/", {"words": "主任に報告"})
    assert [m.kind for m in Message.objects.filter(author__isnull=False)] == [Kind.MEMO]
    assert "主任に報告" in _page(table, emi.number)


# -- the frame ----------------------------------------------------------------------------


def test_only_who_may_read_figures_is_shown_the_way(table, beni):
    figures = f'href="{reverse("statistics:figures")}"'
    assert figures not in table.get("/desk/").content.decode()
    assert figures in at_the_desk(beni).get("/desk/").content.decode()


def test_a_demonstration_says_that_it_is_one(aoi, table):
    assert "見本です" not in table.get("/desk/").content.decode()
    aoi.desk.is_demonstration = True
    aoi.desk.save()
    assert "見本です" in at_the_desk(User.objects.get()).get("/desk/").content.decode()


def test_a_list_of_many_takes_few_queries(desk, table, django_assert_max_num_queries):
    for number in range(20):
        _receive(desk, f"相談 {number}")
    with django_assert_max_num_queries(25):
        table.get("/desk/?list=all")


def test_control_characters_in_what_is_ticked_are_left_out(table, aoi):
    _draft, where = _call(table)
    answer = table.post(where, {"words": "話", "kinds": ["OTHER", "\0"], "page": "\0"}, **HTMX)
    assert answer.status_code == 200
    assert drafts_of(aoi.actor)[0].choices == {"kinds": ["OTHER"]}


def test_a_note_takes_the_matters_own_classification_as_its_start(emi, table):
    Consultation.objects.update(age_group="TWENTIES", standing="AFFECTED")
    _begin(table, emi.number, "NOTE")
    page = _page(table, emi.number)
    for value in ("TWENTIES", "AFFECTED", "TELEPHONE"):
        assert re.search(rf'id="note-[^"]*"[^>]*value="{value}"[^>]* checked', page) or re.search(
            rf'value="{value}"[^>]*id="note-[^"]*"[^>]* checked', page
        ), value


def test_a_note_from_an_old_page_says_what_was_kept_instead(in_charge, table, aoi, beni):
    draft = _begin(table, in_charge.number, "NOTE")
    described = _hidden(_page(table, in_charge.number), "described")
    table.post(f"/desk/drafts/{draft.pk}/", {"words": "途中", "described": described}, **HTMX)
    theirs = Classification(kinds=frozenset({"DISCRIMINATION"}))
    noting.classify(matter=in_charge.matter, actor=beni.actor, classification=theirs, at=LATER)
    # The page is drawn anew from the draft: it still knows what its writer saw.
    assert _hidden(_page(table, in_charge.number), "described") == described
    posted = {"words": "話", "channel": "TELEPHONE", "kinds": ["OTHER"], "described": described}
    answer = table.post(f"/desk/drafts/{draft.pk}/record/", posted, follow=True)
    assert "さきに保存されたものを残しました" in answer.content.decode()
    assert kinds_of(Consultation.objects.get()) == {"DISCRIMINATION"}
    assert Contact.objects.count() == 2


@pytest.mark.parametrize(
    ("why", "action", "words"),
    [("SILENT", "BROKEN_OFF", "無言の電話"), ("WRONG_NUMBER", "OTHER", "間違い電話")],
)
def test_silence_and_a_wrong_number_are_over_in_one_press(table, why, action, words):
    draft, _where = _call(table)
    posted = {"words": "", "channel": "TELEPHONE", "why": why}
    table.post(f"/desk/drafts/{draft.pk}/broken-off/", posted)
    row = Consultation.objects.get()
    assert (Contact.objects.get().action, row.status) == (action, Status.CLOSED)
    assert [it.words for it in messages_in(row.matter)] == [words]


def test_several_contacts_are_classified_alike_with_one_press(emi, table):
    assert "ぜんぶ同じ対応" not in _page(table, emi.number)
    for minutes in (40, 80):
        receiving.hear(
            matter=emi.matter,
            words="つづきです",
            channel="EMAIL",
            signals=Signals(),
            at=AT + dt.timedelta(minutes=minutes),
        )
    assert "ぜんぶ同じ対応" in _page(table, emi.number)
    *_others, last = Contact.objects.order_by("at")
    said = {"all_alike": "ADVICE", f"action-{last.pk}": "OTHER_AGENCY"}
    table.post(f"/desk/matters/{emi.number}/classify/", said)
    told = list(Contact.objects.order_by("at").values_list("action", flat=True))
    assert told == ["ADVICE", "ADVICE", "OTHER_AGENCY"]


@pytest.mark.parametrize("typed", ["R7-1", "R7-0001"])
def test_a_matter_found_by_its_number_is_counted_and_stands_once(emi, table, typed):
    page = table.post("/desk/search/", {"words": typed}).content.decode()
    assert "見つかった相談 1件" in page
    hits = page.split('class="hits"')[1].split("</ul>")[0]
    assert hits.count("<li>") == 1
