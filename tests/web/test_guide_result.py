"""What a person gets: reasons, another way when nobody answers, clocks, the place they live in."""

import datetime as dt
import re

import pytest

from madoguchi.directory.channels import Channel
from madoguchi.directory.editions import current
from madoguchi.directory.emergency import is_holiday
from madoguchi.directory.local import local
from madoguchi.directory.windows import all_windows
from madoguchi.guide.queries.hours_file import hours_file
from madoguchi.guide.queries.places import way_when_busy
from madoguchi.guide.queries.qr import drawn, qr_of
from madoguchi.guide.queries.rules import groups, rows
from madoguchi.rules.calendar import JAPAN
from madoguchi.rules.guidance import Answers
from madoguchi.rules.prefectures import PREFECTURES

pytestmark = pytest.mark.django_db
PREFIXES = ("", "/easy", "/en")
NEW_PAGES = ["/windows/editions/", "/windows/editions/2020/", "/windows/local/"]
AT = dt.datetime(2026, 11, 22, 12, tzinfo=JAPAN)
YEAR = [AT.date() + dt.timedelta(days=it) for it in range(366)]


def text_of(response):
    return response.content.decode()


def result(client, prefix="", **told):
    """Show the result of these answers, however they were come by."""
    session = client.session
    session["guide"] = Answers.parsed(told).told()
    session.save()
    return text_of(client.get(f"{prefix}/guide/result/"))


def words(page):
    return re.sub(r"<rt>.*?</rt>|<[^>]*>", "", page)


@pytest.mark.parametrize("prefix", PREFIXES)
@pytest.mark.parametrize("page", [*NEW_PAGES, f"/windows/editions/{current().name}/"])
def test_every_new_page_stands_in_every_language(client, prefix, page):
    response = client.get(prefix + page)
    assert response.status_code == 200
    assert "{" not in words(text_of(response))


@pytest.mark.parametrize("code", range(1, 48))
def test_every_prefecture_has_a_page(client, code):
    page = text_of(client.get(f"/windows/local/{code}/"))
    assert f"{PREFECTURES[code - 1]}の窓口" in page
    assert "#9110" in page
    assert ("まだのせていません" in page) is not local(PREFECTURES[code - 1]).is_known


@pytest.mark.parametrize("page", ["local/0", "local/48", "local/999", "editions/1999", "own"])
def test_what_is_not_there_is_said(client, page):
    assert client.get(f"/windows/{page}/").status_code == 404


def test_a_card_says_why_what_it_can_what_it_cannot_and_what_it_will_ask(client):
    page = words(result(client, happened="a", kinds=["a1"], wants=["w2"], removal=["d2"]))
    moj = all_windows()["moj"]
    for text in (moj.role, *moj.can, *moj.cannot, moj.asks, moj.time):
        assert text.ja in page
    assert "人権の専門の役所から求めてほしいと答えたため" in page


def test_a_card_names_another_way_when_nobody_answers(client):
    page = words(result(client, happened="a", kinds=["a1"], wants=["w2"], removal=["d2"]))
    assert "つながらないとき" in page
    for window in all_windows().values():
        if window.id != "own":
            way = way_when_busy(window)
            assert way.channel.number or way.channel.url


@pytest.mark.parametrize("page", ["result", "print"])
@pytest.mark.parametrize("told", [{"under18": True}, {}])
def test_nobody_who_may_be_a_child_is_told_to_save_or_print_an_image(client, page, told):
    result(client, happened="a", kinds=["a5"], wants=["w2", "w3"], **told)
    said = words(text_of(client.get(f"/guide/{page}/")))
    assert "保存も送信も印刷もしない" in said
    for harmful in ("画面ぜんぶを画像かPDF", "画面の保存", "印刷したもの", "先に証拠を残して"):
        assert harmful not in said


def test_a_grown_up_is_told_how_to_keep_proof(client):
    page = words(result(client, happened="a", kinds=["a5"], wants=["w2"], under18=False))
    assert "画面ぜんぶを画像かPDF" in page


def test_only_what_can_change_the_answer_is_asked_beside_it(client):
    page = result(client, happened="f")
    assert 'name="under18"' in page
    assert 'name="asked_platform"' not in page
    assert 'name="service"' in result(client, happened="a", kinds=["a1"], wants=["w2"])


def test_a_number_that_stands_above_all_is_not_said_again_in_a_card(client):
    page = result(client, happened="b", danger_now=True)
    card = page.partition("window-card")[2].partition("</article>")[0]
    first, _, others = card.partition("ほかの連絡方法")
    assert 'href="tel:110"' not in first
    assert 'href="tel:110"' in others


def test_no_more_than_three_windows_stand_before_the_fold(client):
    page = result(client, happened="a", kinds=["a1", "a2"], wants=["w2", "w3", "w5"])
    before, _, after = page.partition("ほかの窓口（")
    assert before.count("window-card") == 3
    assert "window-card" in after


def test_a_designated_service_answers_otherwise_than_one_that_is_not(client):
    told = {"happened": "a", "kinds": ["a1"], "wants": ["w2"]}
    there, elsewhere = (words(result(client, service=it, **told)) for it in ("x", "5ch"))
    assert "令和7年4月30日" in there
    assert "7日の義務があるサービスに指定されていません" in elsewhere
    assert "サービスからの知らせ" in there
    assert "サービスからの知らせ" not in elsewhere


def test_a_friend_is_told_that_only_the_person_starts_the_seven_days(client):
    told = {"happened": "a", "kinds": ["a1"], "wants": ["w2"], "service": "x"}
    said = "本人か代理の人が申し出たときだけです"
    assert said in words(result(client, who="friend", **told))
    assert said not in words(result(client, who="self", **told))


def test_clocks_are_guide_values_with_start_and_basis(client):
    page = words(result(client, happened="a", kinds=["a1"], wants=["w3", "w4", "w5"]))
    for said in (
        "どれも目安です",
        "民法724条",
        "刑事訴訟法235条",
        "投稿（またはログイン）の日から",
    ):
        assert said in page
    assert "期限の目安" not in words(result(client, happened="f"))


def test_the_prefecture_named_shows_its_own_desk_with_its_own_facts(client):
    told = {"happened": "a", "kinds": ["a1"], "wants": ["w2"]}
    osaka = words(result(client, prefecture="大阪府", **told))
    assert "ネットハーモニー" in osaka
    assert "第2日曜13時〜18時" in osaka
    gunma = words(result(client, prefecture="群馬県", **told))
    assert "群馬県のネット相談窓口" in gunma
    assert "まだ確かめていません" in gunma
    assert "高知県の窓口" in words(result(client, prefecture="高知県", **told))


def test_discrimination_leads_to_the_prefectures_own_desk_once(client):
    told = {"happened": "d", "found": ["f15"], "prefecture": "大阪府"}
    page = words(result(client, **told))
    assert page.count("「ネットハーモニー」") == 1


def test_a_scam_is_not_sent_to_the_prefectures_desk(client):
    assert "ネットハーモニー" not in words(result(client, happened="c", prefecture="大阪府"))


def test_no_window_is_an_honest_answer_with_what_one_can_do(client):
    page = words(result(client, service="line-talk", wants=["w8"]))
    assert "合う窓口が見つかりませんでした" in page
    assert "自分でできること" in page
    assert "都道府県の窓口を見る" in page
    assert "閉じたトークでは" in page


def test_every_answer_prints_the_day_it_rests_on(client):
    for page in (result(client, happened="g"), text_of(client.get("/guide/print/"))):
        assert "案内の基準日" in page
        assert "令和8年11月22日" in page


def test_the_sheet_carries_codes_that_telephones_read_and_no_others_picture(client):
    result(client, happened="a", kinds=["a1"], wants=["w2"], removal=["d2"])
    page = text_of(client.get("/guide/print/"))
    assert 'aria-label="tel:0570003110"' in page
    assert "<img" not in page


def test_the_sheet_tells_nothing_of_where_somebody_lives_unless_asked(client):
    result(client, happened="d", found=["f15"], prefecture="大阪府")
    assert "ネットハーモニー" not in words(text_of(client.get("/guide/print/")))
    assert "ネットハーモニー" in words(text_of(client.post("/guide/print/", {"answers": "yes"})))


def test_a_code_is_drawn_as_modules_with_white_around():
    code = drawn("tel:0570003110")
    corner = {(4, 4), (10, 4), (4, 10)}
    points = {(int(x), int(y)) for x, y in re.findall(r"M(\d+) (\d+)", code.path)}
    assert corner <= points
    assert all(4 <= it < code.size - 4 for point in points for it in point)


def test_short_numbers_have_no_code():
    police = all_windows()["police"]
    short = [it for it in police.phones if len(it.number) < 10]
    assert qr_of(police, short).content == police.url
    assert isinstance(short[0], Channel)


def test_the_rules_can_be_read_in_groups_without_codes(client):
    page = text_of(client.get("/windows/rules/"))
    shown = words(page)
    for code in ("domain.md", "ux.md", "decisions.md", "intimate-images", "unsaid", "branch"):
        assert code not in shown
    assert len(page.encode()) < 71_000
    grouped = [row.rule.id for group in groups(current()) for row in group.rows]
    assert sorted(grouped) == sorted(it.id for it in current().rules)
    assert {row.number for row in rows(current())} == set(range(1, len(grouped) + 1))
    assert all(row.when and all(row.when) for row in rows(current()))


def test_the_old_chart_says_that_it_is_old(client):
    page = words(text_of(client.get("/windows/editions/2020/")))
    assert "自分で迅速に削除依頼したい" in page
    assert "いまの案内には使っていません" in page
    assert "いまの案内を使う" in page


def test_a_windows_page_says_what_rests_on_what(client):
    page = words(text_of(client.get("/windows/houterasu/")))
    for said in ("収入などの条件", "まだ確かめていません", "要確認", "確かめた日", "かかる時間"):
        assert said in page


# -- opening hours as a calendar ----------------------------------------------------------


def unfolded(content):
    assert all(len(it) <= 75 for it in content.split(b"\r\n"))
    return content.decode().replace("\r\n ", "").split("\r\n")


def events(content):
    """Read the events of a calendar, each a table of its lines."""
    found, event = [], None
    for row in unfolded(content):
        if row == "BEGIN:VEVENT":
            event = {}
        elif row == "END:VEVENT":
            found.append(event)
            event = None
        elif event is not None:
            name, _, value = row.partition(":")
            event[name.partition(";")[0]] = value
    return found


def days_of(event):
    """Play the rule of an event over a year, as a calendar does."""
    rule = dict(it.split("=") for it in event["RRULE"].split(";"))
    names = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
    start = dt.date.fromisoformat(event["DTSTART"][:8])
    until = dt.datetime.strptime(rule["UNTIL"], "%Y%m%dT%H%M%SZ").replace(tzinfo=dt.UTC)
    out = {it[:8] for it in event.get("EXDATE", "").split(",")}
    for day in YEAR:
        name = names[day.weekday()]
        if rule["FREQ"] == "MONTHLY":
            name = f"{(day.day + 6) // 7}{name}"
        held = start <= day <= until.astimezone(JAPAN).date() and f"{day:%Y%m%d}" not in out
        if held and name in rule["BYDAY"].split(","):
            yield day


@pytest.mark.parametrize("where", ["houterasu", "moj", "net-harmony", "gunma-net"])
def test_the_calendar_is_open_on_the_very_days_on_which_the_window_is(where):
    desks = {it.id: it for name in ("大阪府", "群馬県") for it in local(name).windows}
    window = all_windows().get(where) or desks[where]
    openings = [
        line
        for it in window.channels
        if it.hours and not it.hours.always
        for line in it.hours.openings
    ]
    found = events(hours_file([window], AT, "ja"))
    assert len(found) == len(openings)
    for event, opening in zip(found, openings, strict=True):
        assert list(days_of(event)) == [it for it in YEAR if opening.is_on(it, is_holiday)]
        assert event["DTSTART"].endswith(opening.opens.strftime("T%H%M%S"))
        assert event["DTEND"].endswith(opening.until.strftime("T%H%M%S"))
    assert len({it["UID"] for it in found}) == len(found)


def test_a_calendar_knows_japans_time_and_no_other():
    rows = unfolded(hours_file([all_windows()["moj"]], AT, "ja"))
    assert rows[0] == "BEGIN:VCALENDAR"
    assert rows[-2:] == ["END:VCALENDAR", ""]
    assert rows.count("TZOFFSETTO:+0900") == 1
    assert not [it for it in rows if it.startswith("DTSTART;") and "TZID=Asia/Tokyo" not in it]


@pytest.mark.parametrize("prefix", PREFIXES)
def test_hours_are_sent_under_a_name_that_tells_nothing(client, prefix):
    for page in ("/windows/moj/hours.ics", "/windows/local/27/hours.ics"):
        response = client.get(prefix + page)
        assert response["Content-Type"] == "text/calendar; charset=utf-8"
        assert response["Content-Disposition"] == 'attachment; filename="hours.ics"'
        assert "|" not in response.content.decode()


@pytest.mark.parametrize("page", ["ihaho", "own", "mamorou", "local/39", "nowhere"])
def test_where_no_hours_are_known_there_is_no_calendar(client, page):
    assert client.get(f"/windows/{page}/hours.ics").status_code == 404
