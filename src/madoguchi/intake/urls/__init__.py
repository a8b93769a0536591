"""Addresses of the intake room: they hold no word on harm and nothing of a person."""

from django.urls import path

from madoguchi.intake.views import (
    chat,
    forgetting,
    letterbox,
    line,
    my_chat,
    my_experts,
    my_files,
    my_handovers,
    my_page,
)

app_name = "intake"
urlpatterns = [
    path("consult/", letterbox.write, name="consult"),
    path("consult/first/", letterbox.first, name="first"),
    path("consult/check/", letterbox.check, name="check"),
    path("consult/done/", letterbox.done, name="done"),
    path("consult/code/", letterbox.code, name="code"),
    path("chat/", chat.enter, name="chat"),
    path("chat/talk/", chat.talk, name="chat-talk"),
    path("chat/talk/code/", chat.code, name="chat-code"),
    path("chat/leave/", chat.leave, name="chat-leave"),
    path("chat/over/", chat.over, name="chat-over"),
    path("my/", my_page.enter, name="enter"),
    path("my/messages/", my_page.talk, name="messages"),
    path("my/chat/", my_chat.talk, name="my-chat"),
    path("my/line/", line.notice, name="line"),
    path("my/erase/", forgetting.erase, name="erase"),
    path("my/asked/<uuid:asked>/", my_experts.question, name="expert"),
    path("my/windows/", my_handovers.handovers, name="handovers"),
    path("my/windows/<uuid:referral>/", my_handovers.handover, name="handover"),
    path("my/windows/<uuid:referral>/stop/", my_handovers.stop, name="stop-handover"),
    path("my/windows/<uuid:referral>/take/", my_handovers.take, name="take-handover"),
    path("my/windows/<uuid:referral>/code/", my_handovers.entrance, name="entrance"),
    path("my/files/", my_files.files, name="files"),
    path("my/files/<uuid:file>/<int:page>/", my_files.file_page, name="file-page"),
    path("my/files/<uuid:file>/keep/", my_files.paper, name="paper"),
]
