"""Addresses of the statistics room."""

from django.urls import path

from madoguchi.statistics.views import (
    comparing,
    crossing,
    figures,
    further,
    gathering,
    lists,
    open_pages,
    publishing,
    quality,
    reports,
    senders,
)

app_name = "statistics"
urlpatterns = [
    path("", figures.figures, name="figures"),
    path("compare/", comparing.compare, name="compare"),
    path("compare/file/<slug:kind>/", comparing.compare_file, name="compare-file"),
    path("more/", further.more, name="further"),
    path("more/file/<slug:kind>/", further.further_file, name="further-file"),
    path("cross/", crossing.cross, name="cross"),
    path("cross/file/<slug:kind>/", crossing.cross_file, name="cross-file"),
    path("list/", lists.behind, name="list"),
    path("quality/", quality.quality, name="quality"),
    path("quality/file/<slug:kind>/", quality.quality_file, name="quality-file"),
    path("quality/list/", quality.findings, name="findings"),
    path("download/", figures.download, name="download"),
    path("reports/", reports.reports, name="reports"),
    path("reports/begin/", reports.begin, name="begin-report"),
    path("reports/<uuid:report>/", reports.report, name="report"),
    path("reports/<uuid:report>/freeze/", reports.freeze, name="freeze"),
    path("reports/<uuid:report>/file/<slug:kind>/", reports.report_file, name="report-file"),
    path("reports/frozen/<uuid:frozen>/", reports.frozen, name="frozen"),
    path("reports/frozen/<uuid:frozen>/<slug:kind>/", reports.frozen_file, name="frozen-file"),
    path("open/", publishing.publishing, name="publishing"),
    path("gathering/", gathering.gathering, name="gathering"),
    path("gathering/freeze/", gathering.freeze, name="freeze-sum"),
    path("gathering/senders/", senders.expect, name="expect"),
    path("gathering/senders/<uuid:sender>/", senders.sender, name="sender"),
    path("gathering/senders/<uuid:sender>/name/", senders.rename, name="rename-sender"),
    path("gathering/senders/<uuid:sender>/stop/", senders.stop_expecting, name="stop-expecting"),
    path("gathering/senders/<uuid:sender>/words/", senders.read_as, name="read-as"),
    path("gathering/send/", gathering.send, name="send"),
    path("gathering/file/<slug:kind>/", gathering.gathered_file, name="gathered-file"),
]

# What everybody may read (公開データ), once for each language.
open_urlpatterns = (
    [
        path("", open_pages.every, name="every"),
        path("<uuid:published>/", open_pages.one, name="published"),
        path("<uuid:published>/<slug:kind>/", open_pages.file, name="published-file"),
    ],
    "figures",
)
