"""What the guide's pages say to whom, word by word: the poster's side, children, fraud."""

import re

import pytest

from madoguchi.directory.checklists import checklists
from madoguchi.directory.editions import advice
from madoguchi.directory.telling import guided_by_answers
from madoguchi.directory.windows import all_windows
from madoguchi.rules.guidance import Answers
from madoguchi.rules.guidance.answers import ONE_OF, SEVERAL_OF, YES_OR_NO

pytestmark = pytest.mark.django_db
PICTURES = {"happened": "a", "kinds": ["a5"], "wants": ["w2"]}
BY_URL = "性的な画像は、保存や印刷をしないで、URLを伝えてください。"
OF_OTHERS = ("投稿した人の特定", "代わりに削除、開示、損害賠償を求める")


def shown(client, page="/guide/result/", **told):
    session = client.session
    session["guide"] = Answers.parsed(told).told()
    session.save()
    return client.get(page).content.decode()


def words(page):
    return re.sub(r"<rt>.*?</rt>|<[^>]*>", "", page)


def card_of(page, window):
    pieces = page.split('<article class="window-card')[1:]
    name = all_windows()[window].name.ja
    (found,) = [it.split("</article>")[0] for it in pieces if name in words(it.split("</h3>")[0])]
    return found


@pytest.mark.parametrize("page", ["/guide/result/", "/guide/print/"])
@pytest.mark.parametrize("posted", SEVERAL_OF["posted"])
def test_the_posters_side_reads_of_its_own_business(client, page, posted):
    said = words(shown(client, page, happened="e", posted=[posted]))
    assert "弁護士" in said
    assert [it for it in OF_OTHERS if it in said] == []
    # On paper a window behind the fold is a name and a number.
    if "result" in page or posted != "e1":
        assert "開示請求や訴えを受けた" in said


def test_the_other_side_reads_what_a_lawyer_does_for_it(client):
    said = words(card_of(shown(client, happened="a", kinds=["a1"], wants=["w3"]), "lawyer"))
    assert [it for it in OF_OTHERS if it in said] == list(OF_OTHERS)
    assert "意見照会書にどう答えるか" not in said


def test_the_lawyers_role_for_a_poster_is_told_to_other_software_too():
    told = guided_by_answers(Answers(happened="e", posted=("e2",)))
    (lawyer,) = [it for it in told["windows"] if it["id"] == "lawyer"]
    assert "開示請求や訴えを受けたときの相談" in lawyer["why_ja"]
    assert "投稿した人の特定" not in lawyer["why_ja"]


@pytest.mark.parametrize("page", ["/guide/result/", "/guide/print/"])
def test_only_police_and_safeline_ask_for_pictures_by_their_address(client, page):
    told = shown(client, page, **PICTURES)
    begin = '<article class="window-card' if "result" in page else '<section class="print-card'
    pieces = [words(it.split(begin)[0]) for it in told.split(begin)[1:]]
    asked = [it for it in pieces if BY_URL in it]
    # On paper only the first three have a card.
    names = [all_windows()[it].name.ja for it in ("police", "safeline")]
    here = [name for name in names if any(name in it for it in pieces)]
    assert len(asked) == len(here) > 0
    assert all(any(name in it for name in names) for it in asked)
    assert words(told).count(BY_URL) == len(asked)


def test_the_cybercrime_desk_is_linked_once_on_the_polices_card(client):
    card = card_of(shown(client, happened="b"), "police")
    assert card.count("https://www.npa.go.jp/cyber/soudan.html") == 1
    assert (
        client.get("/windows/police/")
        .content.decode()
        .split('class="section"')[0]
        .count("https://www.npa.go.jp/cyber/soudan.html")
        == 1
    )


@pytest.mark.parametrize(("under18", "told"), [(True, False), (None, True)])
@pytest.mark.parametrize("page", ["/guide/result/", "/guide/print/"])
def test_a_child_reads_nothing_of_pictures_of_grown_ups(client, page, under18, told):
    said = words(shown(client, page, **PICTURES, under18=under18))
    assert "画像は保存しないで、URLだけを書きとめてください" in said
    assert ("おとなの画像のときは" in said) is told


def test_to_leave_messages_as_they_are_is_no_keeping_of_pictures():
    said = advice()["do-not-pay"]
    assert "やりとりは消さないで、そのままにしてください。" in said.ja
    assert "残して" not in said.ja
    assert "消" in said.easy
    assert "Do not delete" in said.en


def test_a_condition_of_use_is_no_cross(client):
    card = card_of(shown(client, **PICTURES), "safeline")
    (line,) = [it for it in card.split("<li>") if "本人（児童のことは保護者も）だけが" in it]
    assert "icon-info" in line
    assert "icon-cross" not in line
    page = client.get("/windows/lawyer/").content.decode()
    (line,) = [it for it in page.split("<li>") if "費用がかかります。先に" in it]
    assert "icon-info" in line
    (line,) = [it for it in card.split("<li>") if "かならず消えるとはかぎりません" in it]
    assert "icon-cross" in line


@pytest.mark.parametrize(("told", "step"), [({"happened": "c"}, False), ({"happened": "a"}, True)])
def test_who_was_cheated_is_told_nothing_of_removal(client, told, step):
    said = words(shown(client, **told))
    assert "相談の前に、消さずに残してください" in said
    assert ("消してもらうのは、残したあとにする" in said) is step


@pytest.mark.parametrize("prefix", ["", "/easy", "/en"])
def test_the_numbers_of_the_panel_do_not_come_again_below_it(client, prefix):
    page = client.get(f"{prefix}/guide/words/numbers/").content.decode()
    below = page.split('class="urgent"')[1].split("</section>")[1]
    assert 'href="tel:110"' not in below
    assert 'href="tel:0120279338"' not in below
    for number in ("tel:%239110", "tel:0120079714", "tel:0120007110"):
        assert number in below
    note = re.search(r'<p class="small">(.*?)</p>', below)[1]
    assert 'href="tel:0120279226"' in note
    assert note in client.get(f"{prefix}/urgent/").content.decode()


@pytest.mark.parametrize("prefix", ["", "/easy", "/en"])
def test_each_of_several_numbers_in_the_list_says_whose_it_is(client, prefix):
    page = client.get(f"{prefix}/windows/").content.decode()
    rows = [it.split("</li>")[0] for it in page.split('<li><span class="window-name">')[1:]]
    several = [it for it in rows if it.count('class="number"') > 1]
    assert several
    for row in several:
        for number in row.split('<span class="labelled">')[1:]:
            assert words(number.split('<a class="number"')[0]).strip()
            assert number.count('class="number"') == 1


@pytest.mark.parametrize("prefix", ["", "/easy", "/en"])
@pytest.mark.parametrize("window", ["police", "lawyer"])
def test_print_outs_have_their_exception(client, prefix, window):
    said = words(client.get(f"{prefix}/windows/{window}/").content.decode())
    sentence = {
        "": "18歳より下の人の性的な画像は、保存も印刷もしないで、URLを伝えてください。",
        "/easy": "子どもの はだかの 写真は、残さないで、URLを 言って ください。",
        "/en": "Do not save or print sexual images of anybody under 18; tell the URL instead.",
    }[prefix]
    assert said.count(sentence) == 1


def test_the_advisers_checklist_has_the_exception_before_the_proof():
    (images,) = [it for it in checklists() if it.id == "images"]
    assert [it.id for it in images.items][:2] == ["no-pictures-of-children", "police-report"]
    assert "保存も印刷もしないで" in images.items[0].text


def test_an_unknown_key_is_answered_with_the_known_ones(client):
    response = client.post("/api/guide/", {"hapened": "a"}, content_type="application/json")
    told = response.json()
    assert (response.status_code, told["key"]) == (422, "hapened")
    assert told["allowed"] == [*ONE_OF, *SEVERAL_OF, *YES_OR_NO]
    assert "happened" in told["detail"]
    assert "happened" in told["detail_en"]
