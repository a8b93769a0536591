"""Addresses of the workbench room."""

from django.urls import path

from madoguchi.workbench.views import approvals, board, chat, drafts, due, inbox, matters, windows

app_name = "workbench"
urlpatterns = [
    path("", inbox.inbox, name="inbox"),
    path("calls/", drafts.begin_call, name="begin-call"),
    path("drafts/<uuid:draft>/", drafts.draft, name="draft"),
    path("drafts/<uuid:draft>/record/", drafts.record, name="record"),
    path("drafts/<uuid:draft>/broken-off/", drafts.broken_off, name="broken-off"),
    path("drafts/<uuid:draft>/windows/", windows.windows, name="windows"),
    path("drafts/<uuid:draft>/drop/", drafts.drop, name="drop"),
    path("chat/", chat.talks, name="chat"),
    path("chat/list/", chat.list_of_talks, name="chat-list"),
    path("chat/waiting/", chat.waiting, name="chat-waiting"),
    path("chat/switch/", chat.switch, name="chat-switch"),
    path("chat/<uuid:talk>/", chat.talk, name="talk"),
    path("chat/<uuid:talk>/live/", chat.live, name="talk-live"),
    path("chat/<uuid:talk>/say/", chat.say, name="talk-say"),
    path("chat/<uuid:talk>/typed/", chat.typed, name="talk-typed"),
    path("chat/<uuid:talk>/take/", chat.take, name="talk-take"),
    path("chat/<uuid:talk>/hand-over/", chat.hand_over, name="talk-hand-over"),
    path("chat/<uuid:talk>/memo/", chat.memo, name="talk-memo"),
    path("chat/<uuid:talk>/end/", chat.end, name="talk-end"),
    path("chat/<uuid:talk>/sum-up/", chat.sum_up, name="talk-sum-up"),
    path("board/", board.board, name="board"),
    path("board/second-reader/", approvals.second_reader, name="second-reader"),
    path("approvals/<uuid:approval>/", approvals.answer, name="answer"),
    path("matters/<str:number>/approvals/", approvals.ask, name="ask"),
    path("due/", due.due, name="due"),
    path("deadlines/<uuid:deadline>/met/", due.meet, name="meet-deadline"),
    path("deadlines/<uuid:deadline>/move/", due.move, name="move-deadline"),
    path("matters/<str:number>/deadlines/", due.add, name="add-deadline"),
    path("matters/<str:number>/", matters.matter, name="matter"),
    path("matters/<str:number>/write/", drafts.begin, name="begin"),
    path("matters/<str:number>/classify/", matters.classify, name="classify"),
    path("matters/<str:number>/take-charge/", matters.take_charge, name="take-charge"),
    path("matters/<str:number>/assign/", matters.assign, name="assign"),
    path("matters/<str:number>/safety/", matters.check_safety, name="check-safety"),
    path("matters/<str:number>/close/", matters.close, name="close"),
    path("matters/<str:number>/reopen/", matters.reopen, name="reopen"),
]
