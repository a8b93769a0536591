"""Where this storey's words are sealed. Holders: the matter, the arrival, or the desk."""

from uuid import UUID

from madoguchi.vault.sealing import Place


def referral_place(referral: UUID, field: str) -> Place:
    """Return where a hand-over's reason, snapshot, passphrase, answer or entrance is sealed."""
    return Place("referrals_referral", referral, field)


def arrival_place(arrival: UUID, field: str) -> Place:
    """Return where what came (content), or what we say of it (said), is sealed."""
    return Place("referrals_arrival", arrival, field)


def keys_place(desk: UUID, field: str) -> Place:
    """Return where the secret half of a desk's own key is sealed."""
    return Place("referrals_deskkeys", desk, field)


def report_place(report: UUID) -> Place:
    """Return where the URLs and the description of a report are sealed."""
    return Place("referrals_urlreport", report, "told")


def step_place(step: UUID) -> Place:
    """Return where the note on a report's step is sealed."""
    return Place("referrals_urlreportstep", step, "note")
