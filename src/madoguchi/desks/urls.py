"""Signing in and out: allauth's pages, those of them that staff need."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
