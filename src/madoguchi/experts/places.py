"""Where this storey's words are sealed. Holders: the expert, or the matter."""

from uuid import UUID

from madoguchi.vault.sealing import Place


def contact_place(expert: UUID) -> Place:
    """Return where it is sealed how an expert is reached (holder: the expert)."""
    return Place("experts_expert", expert, "contact")


def slot_place(slot: UUID) -> Place:
    """Return where the place of a slot, or its link, is sealed (holder: the expert)."""
    return Place("experts_slot", slot, "place")


def asked_place(asked: UUID, field: str) -> Place:
    """Return where a question, an answer, names, a reason are sealed (holder: the matter)."""
    return Place("experts_expertconsultation", asked, field)
