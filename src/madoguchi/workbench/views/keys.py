"""キーの一覧: what can be done by keys alone."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from madoguchi.desks.doors import for_advisers
from madoguchi.workbench.views.pages import show

GROUPS = (
    (
        _("どのページでも"),
        (
            (("Alt+N",), _("電話メモを始める")),
            (("Alt+K",), _("さがす")),
            (("Alt+C",), _("待っている人のチャットに出る（チャットのページ）")),
            (("Alt+L",), _("ページの一覧に入る")),
            (("Alt+H",), _("このキーの一覧")),
            (("Esc",), _("開いたメニューを閉じる")),
        ),
    ),
    (
        _("一覧の中で"),
        (
            (("↓", "J"), _("つぎの行")),
            (("↑", "K"), _("前の行")),
            (("Home",), _("はじめの行")),
            (("End",), _("おわりの行")),
            (("Enter",), _("開く")),
        ),
    ),
    (
        _("相談の画面で"),
        (
            (("Alt+T",), _("この人の電話メモ")),
            (("Alt+R",), _("返信を書く")),
            (("Alt+M",), _("所内メモを書く")),
            (("Alt+E",), _("専門家に聞く")),
            (("Alt+Z",), _("いま送った返信を取りやめる（10秒のあいだ）")),
        ),
    ),
    (
        _("書くときに"),
        (
            (("Ctrl+Enter",), _("通話を終えて記録する・送る")),
            (("Alt+W",), _("窓口をさがして、メモに入れる")),
            (("/",), _("手引きの文を呼ぶ（文のはじめで）")),
            (("Esc",), _("電話メモの文から、分類の札へ（もう一度で文へもどる）")),
            (("1…9",), _("分類の札を選ぶ")),
            (("Enter",), _("つぎの分類へ。おわりで記録する")),
        ),
    ),
    (
        _("チャットで"),
        (
            (("Alt+1…9",), _("自分のチャットを行き来する")),
            (("Alt+S",), _("まとめを記録する")),
        ),
    ),
)


@for_advisers
def keys(request: HttpRequest) -> HttpResponse:
    """Show every key of the desk."""
    return show(request, "workbench/keys.html", {"groups": GROUPS, "room": "keys"})
