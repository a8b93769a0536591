"""The one address that LINE itself calls."""

from django.urls import path

from madoguchi.intake.views import line

app_name = "line"
urlpatterns = [path("", line.webhook, name="webhook")]
