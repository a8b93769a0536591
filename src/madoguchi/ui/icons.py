"""The drawings: own work, 24 × 24, one line of colour `currentColor`."""

# Inner SVG by name. The outer element is drawn by the tag `icon`.
DRAWINGS = {
    "arrow-left": '<path d="M19 12H5M11 6l-6 6 6 6"/>',
    "bubble": '<path d="M4 5h16v11H12l-5 4v-4H4z"/><path d="M8 9h8M8 12h5"/>',
    "calendar": '<rect x="4" y="5" width="16" height="15" rx="2"/><path d="M4 10h16M8 3v4M16 3v4"/>',
    "check": '<path d="M5 12.5l4.5 4.5L19 7"/>',
    "chevron": '<path d="M9 5l7 7-7 7"/>',
    "clock": '<circle cx="12" cy="12" r="8.5"/><path d="M12 7.5V12l3 2.5"/>',
    "copy": '<rect x="8" y="8" width="12" height="12" rx="2"/><path d="M16 5V4H4v12h1"/>',
    "cross": '<path d="M6 6l12 12M18 6L6 18"/>',
    "door": '<path d="M5 21V3h10v18M3 21h18M19 21V7h-4"/><path d="M12 12v.5"/>',
    "envelope": '<rect x="3" y="5" width="18" height="14" rx="2"/><path d="M3.5 7l8.5 6 8.5-6"/>',
    "exit": '<path d="M6 6l12 12M18 6L6 18"/>',
    "external": '<path d="M13 4h7v7M20 4l-9 9"/><path d="M17 14v6H4V7h6"/>',
    "eye": '<path d="M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12z"/>'
    '<circle cx="12" cy="12" r="2.5"/>',
    "file": '<path d="M6 3h8l4 4v14H6z"/><path d="M14 3v4h4"/>',
    "flag": '<path d="M6 21V4h11l-2.5 4L17 12H6"/>',
    "headset": '<path d="M5 13v-1a7 7 0 0114 0v1"/><rect x="3.5" y="13" width="4" height="6" rx="1.6"/>'
    '<rect x="16.5" y="13" width="4" height="6" rx="1.6"/>',
    "heart": '<path d="M12 20s-8-4.7-8-10.5A4.5 4.5 0 0112 6.7a4.5 4.5 0 018 2.8C20 15.3 12 20 12 20z"/>',
    "inbox": '<path d="M4 5h16l1 9v5H3v-5z"/><path d="M3 14h5l1.5 2.5h5L16 14h5"/>',
    "info": '<circle cx="12" cy="12" r="8.5"/><path d="M12 11v5M12 7.7v.3"/>',
    "link": '<path d="M10 14a4 4 0 005.7 0l3-3a4 4 0 00-5.7-5.7l-1 1"/>'
    '<path d="M14 10a4 4 0 00-5.7 0l-3 3a4 4 0 005.7 5.7l1-1"/>',
    "lock": '<rect x="5" y="10" width="14" height="10" rx="2"/><path d="M8 10V7.5a4 4 0 018 0V10"/>',
    "minus": '<path d="M5 12h14"/>',
    "note": '<path d="M5 3h11l3 3v15H5z"/><path d="M9 10h6M9 14h6"/>',
    "paper-plane": '<path d="M20 4L11 13M20 4l-6 16-3-7-7-3z"/>',
    "pencil": '<path d="M4 20l1-4L16 5l3 3L8 19z"/><path d="M14 7l3 3"/>',
    "people": '<circle cx="9" cy="8" r="3.5"/><path d="M2.5 20c0-4 3-6 6.5-6s6.5 2 6.5 6"/>'
    '<path d="M15.5 5a3.3 3.3 0 010 6.2M18 14.5c2.2.8 3.5 2.7 3.5 5.5"/>',
    "person": '<circle cx="12" cy="8" r="4"/><path d="M4.5 20.5c0-4.5 3.5-6.5 7.5-6.5s7.5 2 7.5 6.5"/>',
    "phone": '<path d="M6 3h3.5l1.5 5-2.2 1.6a12 12 0 005.6 5.6L16 13l5 1.5V18a3 3 0 01-3 3'
    'C10 21 3 14 3 6a3 3 0 013-3z"/>',
    "plus": '<path d="M12 5v14M5 12h14"/>',
    "print": '<path d="M7 9V3h10v6M7 17H4V9h16v8h-3"/><path d="M7 14h10v7H7z"/>',
    "question": '<path d="M8.5 9a3.5 3.5 0 116 2.4c-1.4 1-2.5 1.6-2.5 3.1M12 18.2v.3"/>',
    "search": '<circle cx="10.5" cy="10.5" r="6.5"/><path d="M15.5 15.5L21 21"/>',
    "shield": '<path d="M12 3l8 3v6c0 4.5-3.2 7.6-8 9-4.8-1.4-8-4.5-8-9V6z"/>'
    '<path d="M12 8.5v4M12 15.6v.2"/>',
    "trash": '<path d="M4 6h16M9 6V3.5h6V6M6 6l1 15h10l1-15M10 10v7M14 10v7"/>',
    "unlock": '<rect x="5" y="10" width="14" height="10" rx="2"/><path d="M8 10V7.5a4 4 0 017.5-2"/>',
    "warning": '<path d="M12 3l9.5 17h-19z"/><path d="M12 9.5v5M12 17.2v.4"/>',
}
