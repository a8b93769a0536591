from django.apps import AppConfig


class VaultConfig(AppConfig):
    name = "madoguchi.vault"
    label = "vault"
