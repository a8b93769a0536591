"""The components and base pages: safe, described, in three languages, without a trace."""

import re
from pathlib import Path
from urllib.parse import unquote

import pytest
from django import forms
from django.http import HttpRequest, HttpResponse
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import include, path, resolve, reverse
from django.utils.translation import get_language, override

from madoguchi.ui import views
from madoguchi.ui.languages import in_every_language
from madoguchi.ui.middleware import LanguageOfAddress, Privacy

ATTACK = "<script>alert(1)</script>\"'"


class Consult(forms.Form):
    """A form with one of each."""

    story = forms.CharField(
        label="{相談|そうだん}したいこと",
        help_text="書けるところだけで大丈夫です。",
        widget=forms.Textarea,
        error_messages={"required": "ひとことでも書いてください。"},
    )
    age = forms.ChoiceField(label="年代", choices=[("10", "10代"), ("20", ATTACK)], required=False)
    wants = forms.MultipleChoiceField(
        label="どうしたいですか",
        help_text="いくつでも",
        choices=[("w1", "考えてほしい"), ("w2", ATTACK)],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    standing = forms.ChoiceField(
        label="立場",
        choices=[("a", "本人")],
        widget=forms.RadioSelect,
        error_messages={"required": "立場を選んでください。"},
    )
    agree = forms.BooleanField(label="送ります", required=False)
    token = forms.CharField(widget=forms.HiddenInput, required=False)


def _here(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"{request.LANGUAGE_CODE} {get_language()}")


def _page(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(render_to_string("ui/public.html"))


def _cookies(_request: HttpRequest) -> HttpResponse:
    response = HttpResponse("", headers={"Server": "x", "X-Powered-By": "y"})
    response.set_cookie("m", "1", max_age=600, expires="Wed, 01 Jan 2031 00:00:00 GMT")
    response.delete_cookie("old")
    return response


def _fails(_request: HttpRequest) -> HttpResponse:
    raise RuntimeError


rooms = [path("urgent/", _here, name="urgent"), path("my/", _here, name="my")]
urlpatterns = [
    path("desk/", _here),
    *in_every_language(
        path("", _page, name="first"),
        path("cookies/", _cookies),
        path("fails/", _fails),
        path("", include((rooms, "guide"))),
    ),
]
handler404 = "madoguchi.ui.views.not_found"
handler500 = "madoguchi.ui.views.server_error"
pytestmark = pytest.mark.urls(__name__)


@pytest.fixture
def bare(settings):
    """The two of our middlewares that this room owns, and nothing else."""
    settings.MIDDLEWARE = [
        f"{middleware.__module__}.{middleware.__name__}"
        for middleware in (Privacy, LanguageOfAddress)
    ]
    return Client(raise_request_exception=False)


def draw(source: str, **context: object) -> str:
    """Render a template's text."""
    return Template(source).render(Context(context))


# -- languages -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "language"),
    [("/urgent/", "ja"), ("/easy/urgent/", "ja-easy"), ("/en/urgent/", "en"), ("/desk/", "ja")],
)
def test_a_page_speaks_the_language_of_its_address(bare, address, language):
    before = get_language()
    assert bare.get(address, headers={"accept-language": "fr"}).text == f"{language} {language}"
    assert get_language() == before


def test_a_name_leads_to_the_page_in_the_language_now_active():
    for language, address in (("ja", "/my/"), ("ja-easy", "/easy/my/"), ("en", "/en/my/")):
        with override(language):
            assert reverse("guide:my") == address
            assert draw("{% url 'guide:my' %} {% page 'my/' %}") == f"{address} {address}"


def test_an_address_is_found_whatever_language_is_active():
    with override("en"):
        assert resolve("/easy/urgent/").view_name == "guide:urgent"
        assert resolve("/urgent/").view_name == "guide:urgent"


def test_desk_pages_exist_once(bare):
    assert bare.get("/en/desk/").status_code == 404


def test_a_page_offers_itself_in_the_other_languages():
    found = views.address(RequestFactory().get("/easy/urgent/"))["in_other_languages"]
    assert [(tongue.code, tongue.url, tongue.current) for tongue in found] == [
        ("ja", "/urgent/", False),
        ("ja-easy", "/easy/urgent/", True),
        ("en", "/en/urgent/", False),
    ]


def test_a_page_that_is_nowhere_offers_the_first_pages():
    found = views.address(RequestFactory().get("/en/nowhere/"))["in_other_languages"]
    assert [tongue.url for tongue in found] == ["/", "/easy/", "/en/"]


# -- privacy ---------------------------------------------------------------------------


def test_nobody_is_to_keep_a_page(bare):
    headers = bare.get("/urgent/").headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert "geolocation=()" in headers["Permissions-Policy"]


@pytest.mark.parametrize("address", ["/my/", "/easy/my/", "/desk/", "/en/nowhere/"])
def test_private_pages_are_kept_out_of_search_engines(bare, address):
    assert "noindex" in bare.get(address).headers["X-Robots-Tag"]


@pytest.mark.parametrize("address", ["/", "/en/", "/easy/urgent/"])
def test_pages_of_help_can_be_found(bare, address):
    assert "X-Robots-Tag" not in bare.get(address).headers


def test_cookies_end_with_the_browser_and_nothing_names_the_software(bare):
    response = bare.get("/cookies/")
    assert response.cookies["m"]["max-age"] == ""
    assert response.cookies["m"]["expires"] == ""
    assert response.cookies["old"]["max-age"] == 0
    assert "Server" not in response.headers
    assert "X-Powered-By" not in response.headers


# -- base pages ------------------------------------------------------------------------


def test_the_way_out_is_the_second_thing_one_comes_to(bare):
    html = bare.get("/en/").text
    links = re.findall(r"<(?:a|button|input)\b[^>]*>", html)
    assert 'href="#main"' in links[0]
    assert 'href="/en/exit/"' in links[1]
    assert "data-exit" in links[1]


@pytest.mark.parametrize(("address", "lang"), [("/", "ja"), ("/easy/", "ja"), ("/en/", "en")])
def test_a_browser_is_told_a_language_it_knows(bare, address, lang):
    assert f'<html lang="{lang}">' in bare.get(address).text


@pytest.mark.parametrize("base", ["public", "desk", "sheet"])
def test_base_pages_ask_nothing_of_other_hosts(base):
    html = render_to_string(f"ui/{base}.html")
    assert re.findall(r'(?:src|href|action)="(?:https?:)?//', html) == []


def test_the_desk_sends_its_token_with_every_fragment():
    html = render_to_string("ui/desk.html", {"is_demo": True}, request=None)
    assert "hx-headers" not in html
    assert "demo-banner" in html
    html = render_to_string("ui/desk.html", {"csrf_token": "abc"})
    assert """hx-headers:inherited='{"X-CSRFToken": "abc"}'""" in html
    assert "demo-banner" not in html


# -- what went wrong -------------------------------------------------------------------


def test_a_fault_of_ours_needs_no_database_and_keeps_the_numbers(bare):
    # No test in this room may touch the database: pytest-django refuses it.
    response = bare.get("/en/fails/")
    assert response.status_code == 500
    assert 'href="tel:110"' in response.text
    assert 'href="tel:0120279338"' in response.text
    assert 'href="/en/exit/"' in response.text


def test_a_missing_page_keeps_the_numbers_and_names_no_address(bare):
    response = bare.get("/nowhere/taro-yamada/")
    assert response.status_code == 404
    assert 'href="tel:110"' in response.text
    assert "taro-yamada" not in response.text


def test_an_expired_page_gives_back_what_was_written():
    request = RequestFactory().post("/consult/1/", {"story": ATTACK + "眠れません", "other": "x"})
    response = views.form_expired(request, reason="CSRF token missing.")
    assert response.status_code == 403
    assert "眠れません</textarea>" in response.text
    assert "<script>alert" not in response.text
    assert "CSRF" not in response.text


def test_an_expired_page_without_words_says_that_they_are_lost():
    response = views.form_expired(RequestFactory().post("/consult/1/"))
    assert "textarea" not in response.text
    assert "もう一度お願いします" in response.text


@pytest.mark.parametrize(("sent_by", "is_shown"), [("cross-site", False), ("same-origin", True)])
def test_words_that_another_site_sent_are_not_shown(sent_by, is_shown):
    request = RequestFactory().post("/my/", {"words": "窓口はこちら"}, HTTP_SEC_FETCH_SITE=sent_by)
    assert ("窓口はこちら" in views.form_expired(request).text) is is_shown


def test_the_desk_is_led_back_to_the_desk():
    response = views.form_expired(RequestFactory().post("/desk/calls/1/", {"note": "メモ"}))
    assert 'href="/desk/"' in response.text
    assert "メモ</textarea>" in response.text


# -- components ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "source",
    [
        "{% badge words %}",
        "{% badge 'x' words %}",
        "{% notice title=words %}{{ words }}{% endnotice %}",
        "{% card title=words id=words tone=words %}{{ words }}{% endcard %}",
        "{% phone words display=words title=words note=words when=words tone=words %}",
        "{% option words words words hint=words tone=words %}",
        "{% open_now True words %}",
        "{% steps 1 4 words %}",
        "{% tel words words %}",
        "{% icon 'check' label=words %}",
    ],
)
def test_no_component_lets_markup_through(source):
    html = draw(source, words=ATTACK)
    assert "<script" not in html
    assert "\"'" not in html.replace("&quot;", "").replace("&#x27;", "")


def test_a_notice_holds_its_title_and_its_words():
    html = draw('{% notice tone="urgent" title="{命|いのち}" %}<p>110</p>{% endnotice %}')
    assert "notice-urgent" in html
    assert "<h2><span><ruby>命<rt>いのち</rt></ruby></span></h2><p>110</p>" in html
    assert 'aria-hidden="true"' in html


@pytest.mark.parametrize(
    ("is_open", "said"), [(True, "受付中"), (False, "時間外"), (None, "確かめてください")]
)
def test_open_or_not_is_said_in_words(is_open, said):
    assert said in draw("{% open_now is_open %}", is_open=is_open)


def test_an_icon_speaks_only_when_it_is_given_words():
    assert 'aria-hidden="true"' in draw("{% icon 'check' %}")
    assert 'role="img" aria-label="できる"' in draw("{% icon 'check' label='できる' %}")


def test_a_field_says_whether_it_is_needed_and_what_it_is_for():
    html = draw("{% field form.story %}", form=Consult())
    assert "※必須" in html
    assert (
        '<label class="field-label" for="id_story"><span><ruby>相談<rt>そうだん</rt></ruby>' in html
    )
    assert 'aria-describedby="id_story_hint"' in html
    assert 'id="id_story_hint"' in html
    assert 'autocomplete="off"' in html
    assert "placeholder" not in html
    assert "※任意" in draw("{% field form.age %}", form=Consult())


def test_the_desk_marks_only_what_is_needed():
    assert "※任意" not in draw('{% field form.age style="desk" %}', form=Consult())
    assert "※必須" in draw('{% field form.standing style="chips" %}', form=Consult())


def test_a_fault_is_tied_to_its_field():
    html = draw("{% field form.story %}", form=Consult({}))
    assert 'aria-describedby="id_story_hint id_story_error"' in html
    assert 'aria-invalid="true"' in html
    assert re.search(r'id="id_story_error">.*ひとことでも書いてください。', html, re.DOTALL)


def test_choices_stand_in_a_fieldset_with_their_question():
    html = draw("{% field form.wants %}", form=Consult({"wants": ["w1"]}))
    assert re.search(
        r'<fieldset aria-describedby="id_wants_hint">\s*<legend>どうしたいですか', html
    )
    assert html.count('type="checkbox"') == 2
    assert html.count("checked") == 1
    assert 'class="choices"' in html
    assert 'class="chips"' in draw('{% field form.wants style="chips" %}', form=Consult())


def test_a_field_shows_what_was_typed_and_lets_no_markup_through():
    form = Consult({"story": ATTACK, "age": ATTACK, "token": ATTACK})
    for name in form.fields:
        html = draw("{% field bound %}", bound=form[name])
        assert "<script" not in html
    assert "&lt;script&gt;" in draw("{% field form.story %}", form=form)


def test_a_hidden_field_has_no_label():
    html = draw("{% field form.token %}", form=Consult()).strip()
    assert html.startswith("<input")
    assert "label" not in html


def test_attributes_reach_the_control_with_hyphens():
    html = draw('{% field form.story hx_post="/x/" hx_trigger="input" %}', form=Consult())
    assert 'hx-post="/x/"' in html
    html = draw('{% field form.wants hx_post="/x/" %}', form=Consult())
    assert html.count('hx-post="/x/"') == 2


def test_the_summary_of_faults_leads_to_each_field():
    html = draw("{% error_summary form %}", form=Consult({}))
    assert 'tabindex="-1" autofocus' in html
    assert (
        '<a href="#id_story"><span><ruby>相談<rt>そうだん</rt></ruby>したいこと</span>：ひとことでも'
        in html
    )
    assert '<a href="#id_standing_0">立場を選んでください。</a>' in html


def test_a_form_without_faults_has_no_summary():
    assert draw("{% error_summary form %}", form=Consult()).strip() == ""


def test_faults_of_the_whole_form_are_listed_too():
    form = Consult({"story": "x", "standing": "a"})
    form.add_error(None, ATTACK)
    html = draw("{% error_summary form %}", form=form)
    assert "&lt;script&gt;" in html
    assert "<script" not in html


def test_numbers_written_by_hand_are_those_of_the_directory():
    data = (Path(views.__file__).parents[1] / "directory").rglob("data/**/*.*")
    known = "".join(file.read_text() for file in data if file.suffix in {".toml", ".json"})
    if "0570" not in known:
        pytest.skip("the directory has no windows yet")
    shown = re.findall(r'href="tel:([^"]+)"', render_to_string("ui/urgent_numbers.html"))
    assert shown
    assert [it for it in shown if unquote(it) not in known.replace("-", "")] == []
