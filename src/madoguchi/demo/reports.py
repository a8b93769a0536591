"""A report of the demonstration desk, frozen, and its open data: what the ninth of April leaves."""

import datetime as dt

from madoguchi.demo.records import FY2024, printed_period
from madoguchi.rules.access import Actor
from madoguchi.statistics.operations.freezing import begin, freeze, write
from madoguchi.statistics.operations.publishing import publish

# Made up, as all of the demonstration is.
_WORDS = {
    "foreword": "この報告書は、見本の相談窓口が受けた相談を、年度ごとにまとめたものです。",
    "analysis": "電話とSNSで、受付の9割をこえました。年代は6割が分かりません。"
    "無理に聞かないという窓口の方針によるものです。",
}


def report(*, supervisor: Actor, at: dt.datetime) -> None:
    """Freeze the report of the first year that is printed, and publish its figures."""
    period = printed_period(FY2024)
    draft = begin(actor=supervisor, period=period, at=at)
    write(draft=draft, actor=supervisor, words=_WORDS, cases=[], at=at)
    freeze(draft=draft, actor=supervisor, at=at)
    publish(actor=supervisor, period=period, at=at)
