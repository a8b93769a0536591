"""What everybody may read of a desk's figures: signed, in three languages, small cells hidden."""

import csv
import io
import json
import re

import pytest
from django.test import Client

from madoguchi.consultations.operations.importing import import_contacts
from madoguchi.statistics.models import FrozenReturn
from madoguchi.statistics.queries.frozen import is_sound
from tests.people import AT, at_the_desk

pytestmark = pytest.mark.django_db
HEAD = "受付日時,相談者,内容,手法,年代,状況,侵害種別,対応"


@pytest.fixture
def filled(desk):
    """Each of three months of 2024 with 14 by telephone, 6 by e-mail; one letter in May."""
    rows = [
        f"2024-0{month}-1{number % 8}T10:{number:02},人{month}-{number},一,{channel},10代,被害者,差別,助言"
        for month in (4, 5, 6)
        for number, channel in enumerate(["電話"] * 14 + ["メール"] * 6 + ["手紙"] * (month == 5))
    ]
    import_contacts(desk=desk.pk, content="\n".join([HEAD, *rows]).encode(), actor=None, at=AT)
    return desk


def published(user, part="quarter-1"):
    answer = at_the_desk(user).post("/stats/open/", {"year": "2024", "part": part}, follow=True)
    return answer.content.decode()


def channels_of(page: str) -> dict[str, list[str]]:
    section = re.search(r'<h2 id="channel">.+?</section>', page, re.DOTALL).group()
    return {
        re.sub(r"<rt>.*?</rt>|<.+?>", "", label): re.findall(r'class="figure">([^<]+)<', row)
        for label, row in re.findall(r'<th scope="row">(.+?)</th>(.+?)</tr>', section, re.DOTALL)
    }


def test_a_letter_alone_is_hidden_and_cannot_be_subtracted(filled, beni) -> None:
    assert "公開しました" in published(beni)
    row = FrozenReturn.objects.get()
    page = Client().get(f"/figures/{row.pk}/").content.decode()
    rows = channels_of(page)
    assert rows["手紙"][1] == "x"
    assert rows["合計"] == ["20", "21", "20", "61"]
    # April and June had no letter: zero is said. May's sum is known, so another hides, too.
    assert [it for it in rows["手紙"] if it != "x"] != ["0", "0", "1"]
    for column in (1, 3):
        assert [cells[column] for cells in rows.values()].count("x") != 1
    assert "1件か2件のところは、だれのことか分からないように" in page


def test_no_file_holds_what_the_page_hides(filled, beni) -> None:
    published(beni)
    row = FrozenReturn.objects.get()
    letters = next(it for it in json.loads(row.content)["tables"] if it["table"] == "CHANNEL")
    keys = [key for key, _label in letters["codes"]]
    assert letters["rows"][keys.index("LETTER")][1] is None
    lines = list(
        csv.DictReader(
            io.StringIO(Client().get(f"/figures/{row.pk}/csv/").content.decode("utf-8-sig"))
        )
    )
    letter = [it for it in lines if it["表"] == "手法別" and it["分類"] == "手紙"]
    assert [it["値"] for it in letter if it["項目"] == "2024年5月"] == ["x"]
    assert {it["秘匿"] for it in letter if it["値"] == "x"} == {"秘匿"}


@pytest.mark.parametrize("language", ["", "easy/", "en/"])
def test_everybody_reads_it_in_three_languages(filled, beni, language) -> None:
    assert Client().get(f"/{language}figures/").status_code == 200
    published(beni)
    row = FrozenReturn.objects.get()
    page = Client().get(f"/{language}figures/").content.decode()
    assert f"/{language}figures/{row.pk}/" in page
    page = Client().get(f"/{language}figures/{row.pk}/").content.decode()
    assert "2024/4–2024/6" in page
    assert ("Phone" in page) == (language == "en/")


def test_it_is_signed_and_kept_as_it_was(filled, beni) -> None:
    published(beni)
    row = FrozenReturn.objects.get()
    before = {
        kind: Client().get(f"/figures/{row.pk}/{kind}/").content for kind in ("csv", "xlsx", "json")
    }
    late = f"{HEAD}\n2024-05-20T10:00,おくれて,一,電話,10代,被害者,差別,助言"
    import_contacts(desk=filled.pk, content=late.encode(), actor=None, at=AT)
    assert before == {kind: Client().get(f"/figures/{row.pk}/{kind}/").content for kind in before}
    assert is_sound(row)
    published(beni)
    assert [it.version for it in FrozenReturn.objects.order_by("version")] == [1, 2]
    page = Client().get("/figures/").content.decode()
    assert str(row.pk) not in page
    assert "新しい版があります" in Client().get(f"/figures/{row.pk}/").content.decode()


def test_what_would_be_published_is_looked_at_first(filled, beni, daichi) -> None:
    address = "/stats/open/?year=2024&part=quarter-1"
    page = at_the_desk(beni).get(address).content.decode()
    assert channels_of(page.replace("h3", "h2"))["手紙"][1] == "x"
    assert "公開する</button>" in page
    assert not FrozenReturn.objects.exists()
    page = at_the_desk(daichi).get(address).content.decode()
    assert "公開する</button>" not in page
    published(beni)
    page = at_the_desk(beni).get("/stats/open/?year=2024&part=month-5").content.decode()
    assert "引き算で小さな数が分かる" in page


def test_a_month_is_published_in_one_period_only(filled, beni) -> None:
    published(beni)
    assert "引き算で小さな数が分かる" in published(beni, "month-5")
    assert FrozenReturn.objects.count() == 1


def test_too_few_to_be_protected_are_not_published(desk, beni) -> None:
    row = f"{HEAD}\n2024-05-20T10:00,ひとり,一,電話,10代,被害者,差別,助言"
    import_contacts(desk=desk.pk, content=row.encode(), actor=None, at=AT)
    assert "もっと長い期間に" in published(beni)
    assert not FrozenReturn.objects.exists()


def test_only_a_supervisor_publishes(filled, daichi) -> None:
    client = at_the_desk(daichi)
    assert client.get("/stats/open/").status_code == 200
    assert client.post("/stats/open/", {"year": "2024", "part": "year"}).status_code == 404
    assert not FrozenReturn.objects.exists()


def test_a_report_is_not_open_to_everybody(filled, beni) -> None:
    client = at_the_desk(beni)
    draft = client.post("/stats/reports/begin/", {"first": "2024-04-01", "last": "2024-06-30"})
    client.post(f"{draft['Location']}freeze/")
    row = FrozenReturn.objects.get()
    assert Client().get(f"/figures/{row.pk}/").status_code == 404
    assert Client().get(f"/figures/{row.pk}/json/").status_code == 404
