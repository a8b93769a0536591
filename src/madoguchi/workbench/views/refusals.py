"""What a refusal says to the person who was refused."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from madoguchi.rules.access import RefusedError
from madoguchi.rules.consultation import Status, Step
from madoguchi.rules.lifecycle import IllegalStepError
from madoguchi.ui.uploads import SENTENCES

Refusal = RefusedError | IllegalStepError

_SENTENCES = {
    "another-matter": gettext_lazy("ほかの相談の受付が入っています。画面を開き直してください。"),
    "asked-of-another": gettext_lazy("ほかの人にたのまれたことです。その人か責任者が答えます。"),
    "classified-meanwhile": gettext_lazy(
        "ほかの人が、さきに分類を変えました。見くらべて、もう一度保存してください。"
    ),
    "decided-already": gettext_lazy("もう答えが出ています。画面を開き直してください。"),
    "deadline-over": gettext_lazy("この期限は、もう済んでいます。"),
    "deadline-past": gettext_lazy("期限が過去になっています。これからの日と時刻にしてください。"),
    "draft-gone": gettext_lazy("この下書きは、別の画面で記録されたか消されています。"),
    "draft-newer": gettext_lazy(
        "別の画面で書いた文が残っています。見くらべて、どちらを残すか選んでください。"
    ),
    "day-ahead": gettext_lazy("日が、きょうより先になっています。"),
    "day-too-early": gettext_lazy("日が、前の段階より早くなっています。"),
    "files-not-chosen": gettext_lazy("渡すファイルを選ぶか、「ファイル」を外してください。"),
    "handover-gone": gettext_lazy("この引き継ぎは、もう進んでいるか、なくなっています。"),
    "handover-taken": gettext_lazy("相手の窓口が、さきに受けました。もう取りやめられません。"),
    "no-consent": gettext_lazy("本人の同意が、まだありません。同意があるまで、何も渡りません。"),
    "no-key": gettext_lazy("鍵として読めません。接続票を、もう一度もらってください。"),
    "nobody-answers": gettext_lazy(
        "相手のシステムが答えません。しばらくして、もう一度してください。"
    ),
    "notes-not-chosen": gettext_lazy("渡す記録を選ぶか、「窓口の記録」を外してください。"),
    "nothing-agreed": gettext_lazy("本人が同意したものがありません。引き継げません。"),
    "nothing-chosen": gettext_lazy("渡すものを、1つは選んでください。"),
    "peer-gone": gettext_lazy("この窓口は、もうはずされています。"),
    "peer-known": gettext_lazy("この窓口は、もうつながっています。"),
    "they-say-themselves": gettext_lazy("この窓口からの答えは、システムでとどきます。"),
    "reply-out": gettext_lazy(
        "もう相談者に見えています（または、ほかの人が取りやめました）。続きは、次の返信で書いてください。"
    ),
    "not-the-asker": gettext_lazy("取り下げられるのは、たのんだ人だけです。"),
    "own-approval": gettext_lazy("自分のたのみや自分の書いたものには、自分では答えられません。"),
    "reply-held": gettext_lazy(
        "ふたり目の確認を待つ返信があります。送るか取り下げるかしてからにしてください。"
    ),
    "second-reader": gettext_lazy(
        "この窓口の返信は、ふたり目が確かめてから送ります。返信の欄から出してください。"
    ),
    "code-made-meanwhile": gettext_lazy(
        "コードは、もう作られています。渡せなかったときは、もう一度作ってください。"
    ),
    "file-gone": gettext_lazy("このファイルは、もうありません。"),
    "file-set-aside": gettext_lazy("隔離したファイルです。開くことはできません。"),
    "not-yet-arrived": gettext_lazy("届いた日時が、いまより後になっています。"),
    "scan-gone": gettext_lazy("ほかの人が、さきに振り分けました。画面を開き直してください。"),
    **SENTENCES,
    "link-undone": gettext_lazy("このつなぎは、もう外されています。"),
    "linked-already": gettext_lazy(
        "この2つの相談には、もうつながりが記録されています。変えるときは、先に外してください。"
    ),
    "linked-to-itself": gettext_lazy("同じ相談どうしはつなげません。番号を確かめてください。"),
    "no-such-sign": gettext_lazy("番号やアドレスの形になっていません。種類を確かめてください。"),
    "no-words": gettext_lazy("何を話して安全と分かったか、1行書いてください。"),
    "nobody-reads": gettext_lazy(
        "この人はまだ読めません。送っていません。書いた文は残っています。"
        "コードを渡すか、手紙・FAXで返してください。"
    ),
    "mail-gone": gettext_lazy("このメールは、もう送られたか、ほかの人が片づけています。"),
    "mail-without-files": gettext_lazy(
        "ファイルは、メールでは送れません。マイページに置くか、ファイルを外してください。"
    ),
    "no-mail-address": gettext_lazy(
        "この人のメールアドレスがありません。届け方を選び直してください。"
    ),
    "not-an-adviser": gettext_lazy("その人は担当になれません。ほかの人を選んでください。"),
    "sheet-gone": gettext_lazy("この手引きは、もう消されています。"),
    "supervisor-only": gettext_lazy("この操作は責任者だけができます。責任者に頼んでください。"),
    "taken-meanwhile": gettext_lazy("ほかの人が、さきに担当になりました。"),
    "left-open": gettext_lazy("まだ残っていることがあります。見てから終結してください。"),
    "safety-open": gettext_lazy("安全確認が、まだです。"),
    "talk-goes-on": gettext_lazy(
        "チャットがつづいています。チャットを終えて、まとめを記録してから終結してください。"
    ),
    "talk-not-yours": gettext_lazy("このチャットは、ほかの人が話しています。"),
    "talk-over": gettext_lazy("このチャットは、もう終わっています。"),
    "talk-taken": gettext_lazy("ほかの人が、さきにこのチャットに出ました。"),
    "too-many-views": gettext_lazy("保存できる一覧は20までです。使わないものを消してください。"),
    "unclassified-contacts": gettext_lazy(
        "対応がまだ選ばれていない受付があります。分類で選んでから終結してください。"
    ),
    "expert-no-consent": gettext_lazy("本人の同意が、まだ書きとめられていません。"),
    "expert-gone": gettext_lazy("この専門家には、いまはたのめません。"),
    "expert-over": gettext_lazy("この専門家連携は、もう終わっています。"),
    "expert-other-kind": gettext_lazy(
        "本人がマイページで同意したのは、ほかの種類の専門家です。本人から聞いて書きとめてください。"
    ),
    "expert-looked": gettext_lazy(
        "専門家がもう読んでいます。変えるときは、本人から聞いて「見せてよいもの」に書きとめてください。"
    ),
    "no-my-page": gettext_lazy(
        "この人には、まだ受付コードがありません。コードを渡すか、電話などで聞いてください。"
    ),
    "expert-conflict": gettext_lazy(
        "この専門家か同じ事務所の人が、相手方の相談を受けています。ほかの専門家を選んでください。"
    ),
    "slot-taken": gettext_lazy("この時間は、もう予約が入っています。ほかの時間を選んでください。"),
    "slot-past": gettext_lazy("この時間は、もう過ぎています。これからの日と時刻にしてください。"),
    "link-not-https": gettext_lazy(
        "ビデオ通話のリンクは、https:// で始まるものにしてください。名前やパスワードは入れません。"
    ),
    "slot-there": gettext_lazy("この時間の空きは、もう入っています。"),
    "quota-full": gettext_lazy("この専門家の、その月の回数を使い切っています。"),
    "houterasu-over": gettext_lazy("法テラスの無料相談は、同じ問題で3回までです。"),
    "not-an-expert": gettext_lazy("そのサインイン名は、この専門家には使えません。"),
    "unknown-place": gettext_lazy("自動で入らないことばがあります。かっこの中を直してください。"),
    "unknown-code": gettext_lazy("いまの分類表にない区分です。画面を開き直して選んでください。"),
}

_STEPS: dict[tuple[str, str], Promise] = {
    (Status.RECEIVED, Step.REPLY): gettext_lazy("返信は、担当になってから送れます。"),
    (Status.RECEIVED, Step.CLOSE): gettext_lazy("終結は、担当になってからできます。"),
    (Status.CLOSED, Step.REPLY): gettext_lazy(
        "終結した相談です。返信するには、責任者が再開してください。"
    ),
    (Status.CLOSED, Step.CLOSE): gettext_lazy("この相談は、もう終結しています。"),
}


def sentence_for(refusal: Refusal) -> str:
    """Return one clear sentence for `refusal`, without a personal word."""
    if isinstance(refusal, RefusedError):
        return str(
            _SENTENCES.get(refusal.code, _("この操作はできません。責任者にたずねてください。"))
        )
    said = _STEPS.get((refusal.state, refusal.step))
    return str(
        said or _("ほかの人がこの相談を進めたため、できませんでした。画面を確かめてください。")
    )
