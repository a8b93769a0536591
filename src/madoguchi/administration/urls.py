"""Addresses of the settings."""

from django.urls import path

from madoguchi.administration.views import (
    books,
    desk,
    giving,
    hours,
    importing,
    mailbox,
    overview,
    people,
    retention,
)

app_name = "administration"
urlpatterns = [
    path("", overview.overview, name="overview"),
    path("people/", people.people, name="people"),
    path("people/<uuid:user>/", people.person, name="person"),
    path("people/<uuid:user>/role/", people.role, name="role"),
    path("people/<uuid:user>/renew/", people.renew, name="renew"),
    path("people/<uuid:user>/leave/", people.leave, name="leave"),
    path("people/<uuid:user>/come-back/", people.come_back, name="come-back"),
    path("people/<uuid:user>/hand-over/", people.hand_over, name="hand-over"),
    path("hours/", hours.hours, name="hours"),
    path("hours/closing/", hours.closing, name="closing"),
    path("days/", hours.days, name="days"),
    path("books/", books.books, name="books"),
    path("books/<str:table>/", books.book, name="book"),
    path("books/<str:table>/correct/", books.correct, name="correct-label"),
    path("books/<str:table>/drop/", books.drop, name="drop-plan"),
    path("desk/", desk.profile, name="profile"),
    path("mailbox/", mailbox.mailbox, name="mailbox"),
    path("mailbox/stop/", mailbox.stop, name="stop-mailbox"),
    path("numbers/", desk.numbers, name="numbers"),
    path("import/", importing.importing, name="import"),
    path("import/<uuid:sheet>/", importing.sheet, name="sheet"),
    path("import/<uuid:sheet>/take/", importing.take, name="take-sheet"),
    path("import/<uuid:sheet>/give-up/", importing.give_up, name="give-up-sheet"),
    path("records/", giving.records, name="records"),
    path("records/<str:number>/", giving.record, name="record"),
    path("danger/", giving.danger, name="danger"),
    path("danger/<uuid:opening>/open/", giving.open_danger, name="open-danger"),
    path("retention/", retention.retention, name="retention"),
    path("retention/classes/", retention.classes, name="classes"),
    path("retention/keep/", retention.keep, name="keep"),
    path("retention/approve/", retention.approve, name="approve-list"),
    path("retention/<uuid:matter>/end-hold/", retention.end_hold, name="end-hold"),
    path("retention/<uuid:matter>/follow/", retention.follow, name="follow-wish"),
    path("retention/<uuid:matter>/decline/", retention.decline, name="decline-wish"),
]
