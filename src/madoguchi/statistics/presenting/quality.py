"""How contradictions are said: what is wrong, by which rule, and what to do about it."""

from dataclasses import dataclass

from madoguchi.rules.quality import Finding

# Where each rule stands; the prefecture's own words are in rules/counting.py.
_REPORT = "府の集計（対応別は受付1件に1つ。合計は延べ受付件数）"
_BOOK = "分類表（受付の日に使われているもの）"
_KINDS = "侵害種別の重複集計"
_DAYS = "開設日数（記録した開設日だけを数える）"
_NEW = "新規受付件数（最初の受付が期間の中にある相談）"


@dataclass(frozen=True)
class Said:
    """One thing to be looked at: its name, the rule it comes from, how to mend it."""

    title: str
    rule: str
    mend: str


SAID = {
    Finding.UNCLASSIFIED: Said(
        "対応が未分類の受付", _REPORT, "相談を開いて、受付ごとに対応を選んでください。"
    ),
    Finding.STRANGE_LABEL: Said(
        "手法か対応が、その日の分類表にない受付",
        _BOOK,
        "分類表の期間を確かめるか、受付の分類を直してください。",
    ),
    Finding.STRANGE_MARK: Said(
        "年代・状況・侵害種別のどれかが、最初の受付の日の分類表にない相談",
        _BOOK,
        "分類表の期間を確かめるか、相談の分類を直してください。",
    ),
    Finding.OUTSIDE_AND_MORE: Said(
        "「人権問題外」と、ほかの種別の両方がついた相談",
        f"{_KINDS}（人権問題外は、ほかの種別と重ならない）",
        "どちらかを外してください。",
    ),
    Finding.UNKNOWN_AND_MORE: Said(
        "「不明」と、ほかの種別の両方がついた相談",
        f"{_KINDS}（不明は、ほかの種別と重ならない）",
        "分かっている種別だけを残してください。",
    ),
    Finding.REFERRED_NOWHERE: Said(
        "対応が他機関紹介なのに、紹介先のない受付",
        "対応別と紹介先（紹介先の窓口ごとの件数に入らない）",
        "どの窓口を紹介したかを書きたしてください。",
    ),
    Finding.CLOSED_DAY: Said(
        "開設日ではない日の、電話か面接の受付",
        f"{_DAYS}。メール・FAX・手紙・SNSは、いつ届いてもよい",
        "受付の日付か、開設日の記録を直してください。",
    ),
    Finding.EMPTY_DAY: Said(
        "受付が1件もない開設日", _DAYS, "本当に受付がなかった日なら、このままにしてください。"
    ),
    Finding.NO_DAYS: Said(
        "受付があるのに、その月の開設日が1日も記録されていない日",
        _DAYS,
        "その月の開設日を記録してください。",
    ),
    Finding.CLOSED_UNCLASSIFIED: Said(
        "対応のない受付を残したまま終結した相談",
        f"{_REPORT}。終結には、すべての受付の対応がいる",
        "受付ごとに対応を選んでください。",
    ),
    Finding.CLOSED_TOO_EARLY: Said(
        "最初の受付より前に終結したことになっている相談",
        "相談の流れ（受付のあとに終結する）",
        "取り込んだ記録の日付を確かめてください。",
    ),
    Finding.WRONG_FIRST: Said(
        "最初の受付の日時が、受付の記録と合わない相談（最後の受付よりあとのものも）",
        _NEW,
        "受付の日時を確かめてください。合わないままでは、新規の月がずれます。",
    ),
}
