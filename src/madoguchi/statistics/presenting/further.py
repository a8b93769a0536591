"""When contacts came and how the desk worked, as tables, each with what has to be said of it."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping

from madoguchi.rules.calendar import Period
from madoguchi.rules.codebooks import Table
from madoguchi.rules.counting import Total
from madoguchi.rules.timing import HANDLING, TIMES, Reply, bands, median
from madoguchi.statistics.presenting.cells import (
    WEEKDAYS,
    Labels,
    list_query,
    month_label,
    unit_query,
)
from madoguchi.statistics.presenting.tables import (
    FigureTable,
    Line,
    lines_of,
    most_first,
    numbered,
    percent,
    rate,
)
from madoguchi.statistics.queries.crossing import Clock, CrossTable
from madoguchi.statistics.queries.handling import MOST_OPENED, UNANSWERED, Replies, Services
from madoguchi.statistics.queries.units import Spread

BROKEN_OFF = "BROKEN_OFF"

_REPLIES = {
    Reply.SAME_DAY: "その日のうち",
    Reply.ONE_DAY: "1営業日",
    Reply.TWO_DAYS: "2営業日",
    Reply.THREE_DAYS: "3営業日",
    Reply.LATER: "4営業日から先",
    Reply.NONE: "返信なし",
}
_WAITS = ("1分まで", "3分まで", "5分まで", "10分まで", "30分まで", "30分より長い")


def by_month(period: Period, counts: Total, table: CrossTable) -> FigureTable:
    """月別: one of the three totals."""
    found: dict[str, int] = {}
    for (month, _other), number in table.numbers.items():
        found[month] = found.get(month, 0) + number
    lines = (
        Line(
            month_label(dt.date.fromisoformat(f"{month}-01")),
            number,
            list_query(period, counts, (Clock.MONTH, month)),
        )
        for month, number in sorted(found.items())
    )
    name = f"month-{counts.name.lower().replace('_', '-')}"
    title, whole = f"月別の{counts}", list_query(period, counts)
    return FigureTable(name, title, str(counts), table.base, tuple(lines), whole=whole)


def by_clock(period: Period, table: CrossTable) -> tuple[FigureTable, FigureTable]:
    """曜日別 and 時間帯別, from a table of weekdays and hours."""
    days = dict.fromkeys(map(str, range(len(WEEKDAYS))), 0)
    hours: dict[str, int] = {}
    for (day, hour), number in table.numbers.items():
        days[day] += number
        hours[hour] = hours.get(hour, 0) + number
    span = range(int(min(hours)), int(max(hours)) + 1) if hours else range(0)

    def line(side: Clock, key: str, label: str, number: int) -> Line:
        return Line(label, number, list_query(period, Total.CONTACTS, (side, key)))

    of_days = (line(Clock.WEEKDAY, key, WEEKDAYS[int(key)], it) for key, it in days.items())
    of_hours = (line(Clock.HOUR, f"{it:02}", f"{it}時台", hours.get(f"{it:02}", 0)) for it in span)
    contacts, whole = str(Total.CONTACTS), list_query(period, Total.CONTACTS)
    return (
        FigureTable("weekday", "曜日別", contacts, table.base, tuple(of_days), whole=whole),
        FigureTable("hour", "時間帯別", contacts, table.base, tuple(of_hours), whole=whole),
    )


def broken_off(period: Period, table: CrossTable, labels: Labels) -> FigureTable:
    """中断, by channel: from a table of channels and 対応."""
    all_, broken = _by_channel(table)
    names = labels[Table.CHANNEL]
    lines = (
        Line(
            names.get(key, key),
            broken[key],
            list_query(
                period, Total.CONTACTS, (Table.CHANNEL, key), (Table.ACTION_TAKEN, BROKEN_OFF)
            ),
        )
        for key in {**dict.fromkeys(names), **all_}
        if all_[key]
    )
    rates = "、".join(
        f"{names.get(key, key)}{percent(broken[key], it)}" for key, it in all_.items()
    )
    number = sum(broken.values())
    said = (
        rate("中断率（中断／延べ受付件数）", number, table.base),
        *([f"手法ごとの中断率：{rates}。"] if rates else []),
    )
    return FigureTable(
        "broken-off",
        "中断（手法別）",
        "対応が中断の受付",
        number,
        (*lines,),
        said=said,
        whole=list_query(period, Total.CONTACTS, (Table.ACTION_TAKEN, BROKEN_OFF)),
    )


def _by_channel(table: CrossTable) -> tuple[Counter[str], Counter[str]]:
    """Return all contacts by channel, and those broken off."""
    all_, broken = Counter[str](), Counter[str]()
    for (channel, action), number in table.numbers.items():
        all_[channel] += number
        if action == BROKEN_OFF:
            broken[channel] += number
    return all_, broken


def minutes(period: Period, found: Spread, contacts: int) -> FigureTable:
    """所要時間."""
    labels = numbered(bands(HANDLING, "分"))
    lines = lines_of(labels, found.numbers, lambda key: unit_query(period, "minutes", key))
    said = f"所要分が書かれていない受付が、このほかに{contacts - found.base}件あります。"
    return FigureTable(
        *("minutes", "所要時間", "所要分が書かれた受付", found.base, lines),
        said=(said,),
        whole=unit_query(period, "minutes"),
    )


def replies(period: Period, found: Replies) -> FigureTable:
    """初回返信まで."""
    spread, labels = found.spread, {str(it): label for it, label in _REPLIES.items()}
    said = (
        rate("約束の日までに返信した割合", found.in_time, spread.base),
        "営業日は窓口の受付時間と休みで数え、届いた日は入れません。電話で返したものは入りません。",
    )
    lines = lines_of(labels, spread.numbers, lambda key: unit_query(period, "replies", key))
    return FigureTable(
        *("replies", "初回返信まで", "文字で届いた新規の相談", spread.base, lines),
        said=said,
        whole=unit_query(period, "replies"),
    )


def times(period: Period, found: Spread) -> FigureTable:
    """受付回数 and with it 再相談の割合."""
    labels = ["1回", "2回", "3～5回", "6回以上"]
    more = found.base - found.numbers.get("0", 0)
    said = (
        rate("2回以上受け付けた相談の割合", more, found.base),
        "期間の中の受付だけを数えます。月をまたぐ相談も1件なので、月ごとに足した数とは合いません。",
    )
    names = numbered(labels[: len(TIMES) + 1])
    lines = lines_of(names, found.numbers, lambda key: unit_query(period, "times", key))
    return FigureTable(
        *("times", "受付回数別", "受付のあった相談", found.base, lines),
        said=said,
        whole=unit_query(period, "times"),
    )


def services(period: Period, found: Services | None, names: Mapping[str, str]) -> FigureTable:
    """掲載場所."""
    title, counts = "掲載場所（サービス）", "サービスが分かる新規の相談"
    if found is None:
        said = f"相談が{MOST_OPENED}件より多いため、期間を短くしてください。"
        return FigureTable("services", title, counts, 0, (), said=(said,))
    numbers = found.spread.numbers
    lines = lines_of(names, numbers, lambda key: unit_query(period, "services", key))
    said = f"投稿のURLなどが書かれた新規の相談は{found.with_places}件です。"
    return FigureTable(
        *("services", title, counts, found.spread.base, most_first(lines)),
        said=(said,),
        whole=unit_query(period, "services"),
    )


def waits(period: Period, found: Spread, answered: tuple[dt.timedelta, ...]) -> FigureTable:
    """チャットの待ち時間; `answered`: how long those waited who had an answer."""
    labels = {**numbered(_WAITS), UNANSWERED: "答えのないまま終わった"}
    middle = median([it.total_seconds() / 60 for it in answered])
    said = "" if middle is None else f"答えまでの真ん中の値は{middle:.1f}分です。"
    return FigureTable(
        "waits",
        "チャットの待ち時間（最初の答えまで）",
        "この期間に始まったチャット",
        found.base,
        lines_of(labels, found.numbers, lambda key: unit_query(period, "waits", key)),
        said=(said,),
        whole=unit_query(period, "waits"),
    )
