"""Addresses for other installations. Whoever is not known by their signature learns nothing."""

from django.urls import path

from madoguchi.referrals.api import exchange

app_name = "handover"
urlpatterns = [
    path("openapi.json", exchange.openapi, name="openapi"),
    path("<slug:slug>/packets/<uuid:handover>/", exchange.packet, name="packet"),
    path("<slug:slug>/sayings/<uuid:handover>/", exchange.saying, name="saying"),
]
