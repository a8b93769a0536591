"""What a refusal says to who reports, publishes or gathers."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from madoguchi.rules.access import RefusedError

_SENTENCES = {
    "unclassified": gettext_lazy(
        "対応が未分類の受付があります。すべて分類してから、もう一度確定してください。"
    ),
    "period-goes-on": gettext_lazy("まだ終わっていない期間です。終わってから確定してください。"),
    "sums-do-not-hold": gettext_lazy(
        "合計が母数と合わない表があります。統計のページで確かめてください。"
    ),
    "supervisor-only": gettext_lazy("責任者だけができることです。責任者に頼んでください。"),
    "figures-only": gettext_lazy("責任者だけができることです。責任者に頼んでください。"),
    "not-whole-months": gettext_lazy(
        "公開データは、月の単位で出します。期間を選び直してください。"
    ),
    "overlaps-published": gettext_lazy(
        "もう公開した期間と重なります。引き算で小さな数が分かるため、同じ月は1度だけ公開できます。"
    ),
    "too-few": gettext_lazy("件数が少なく、小さな数を隠せません。もっと長い期間にしてください。"),
    "figures-wait": gettext_lazy(
        "まだ足せない数字があります。言葉を読みかえるか、出し直してもらってから、確定してください。"
    ),
    "senders-missing": gettext_lazy(
        "まだ届いていないところがあります。そのまま確定するときは、チェックを入れてください。"
    ),
    "nothing-gathered": gettext_lazy("足す数字がありません。"),
    "name-taken": gettext_lazy("同じ名前の提出元があります。別の名前にしてください。"),
}


def sentence_for(refusal: RefusedError) -> str:
    """Return one clear sentence for `refusal`."""
    return str(_SENTENCES.get(refusal.code, _("この操作はできません。画面を開き直してください。")))
