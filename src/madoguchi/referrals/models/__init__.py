"""The tables of hand-overs: what goes, what comes, with whom we exchange, and URL reports."""

from madoguchi.referrals.models.peers import DeskKeys, Nonce, Peer
from madoguchi.referrals.models.referrals import Arrival, Referral
from madoguchi.referrals.models.url_reports import UrlReport, UrlReportStep

__all__ = ["Arrival", "DeskKeys", "Nonce", "Peer", "Referral", "UrlReport", "UrlReportStep"]
