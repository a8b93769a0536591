"""Where this storey's words are sealed, and how its pseudonyms are found again."""

from uuid import UUID

from madoguchi.vault.keys import keyed_hash
from madoguchi.vault.sealing import Place


def pseudonym_place(help_seeker: UUID) -> Place:
    """Return where a pseudonym is sealed (under the desk's own key)."""
    return Place("consultations_helpseeker", help_seeker, "pseudonym")


def mark_place(matter: UUID) -> Place:
    """Return where the desk's mark for a matter is sealed (under the desk's own key)."""
    return Place("consultations_consultation", matter, "mark")


def headline_place(matter: UUID) -> Place:
    """Return where a consultation's headline is sealed."""
    return Place("consultations_consultation", matter, "headline")


def particulars_place(matter: UUID) -> Place:
    """Return where a consultation's particulars are sealed."""
    return Place("consultations_consultation", matter, "particulars")


def reason_place(matter: UUID) -> Place:
    """Return where the reason for a hold is sealed."""
    return Place("consultations_keeping", matter, "reason")


def pseudonym_hash(desk: UUID, pseudonym: str) -> str:
    """Return the keyed hash by which a person is found again at `desk`."""
    return keyed_hash("pseudonym", str(desk), pseudonym)


def mark_hash(desk: UUID, mark: str) -> str:
    """Return the keyed hash by which a person's matter is found again at `desk`."""
    return keyed_hash("mark", str(desk), mark)


def affected_place(matter: UUID) -> Place:
    """Return where what is known of the affected person is sealed."""
    return Place("consultations_affectedperson", matter, "told")


def proxy_place(proxy: UUID) -> Place:
    """Return where what is known of a proxy is sealed."""
    return Place("consultations_proxy", proxy, "told")


def identifier_place(identifier: UUID) -> Place:
    """Return where a number, address or account is sealed."""
    return Place("consultations_identifier", identifier, "value")


def identifier_hash(desk: UUID, sign: str, normalised: str) -> str:
    """Return the keyed hash by which a number, address or account is found again at `desk`."""
    return keyed_hash("identifier", str(desk), sign, normalised)


def view_place(view: UUID) -> Place:
    """Return where the name of a saved view is sealed (under the desk's own key)."""
    return Place("consultations_savedview", view, "name")
