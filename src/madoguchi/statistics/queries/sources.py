"""Every further table whose cells are lists of their own, by the name it has in addresses."""

from collections.abc import Mapping

from madoguchi.statistics.queries import connecting, handling
from madoguchi.statistics.queries.units import Of, Source

_OF_SESSIONS = frozenset({connecting.MINUTES, connecting.FEES})
SOURCES: Mapping[str, Source] = {
    "minutes": Source(Of.CONTACTS, handling.minutes),
    "replies": Source(Of.CONSULTATIONS, handling.replies),
    "waits": Source(Of.TALKS, handling.waits),
    "times": Source(Of.CONSULTATIONS, handling.times),
    "services": Source(Of.CONSULTATIONS, handling.services),
    "windows": Source(Of.CONTACTS, connecting.windows),
    "handovers": Source(Of.HANDOVERS, connecting.handovers),
    "expert-kinds": Source(Of.SESSIONS, connecting.sessions_by_kind, _OF_SESSIONS),
    "experts": Source(Of.SESSIONS, connecting.sessions_by_expert, _OF_SESSIONS),
    "url-reports": Source(Of.REPORTS, connecting.reports, frozenset({connecting.URLS})),
}
