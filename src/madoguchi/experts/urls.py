"""Addresses of the expert's own room."""

from django.urls import path

from madoguchi.experts import views

app_name = "experts"
urlpatterns = [
    path("", views.questions, name="questions"),
    path("<uuid:asked>/", views.question, name="question"),
    path("<uuid:asked>/result/", views.result, name="result"),
    path("<uuid:asked>/files/<uuid:file>/<int:page>/", views.file_page, name="file-page"),
]
