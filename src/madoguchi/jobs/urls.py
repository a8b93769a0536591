"""Whether all is well."""

from django.urls import path

from madoguchi.jobs import views

urlpatterns = [path("healthz", views.health, name="health")]
