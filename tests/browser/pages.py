"""One address for each type of page, after the language prefix, with the fixtures loaded."""

TYPES = {
    "home": "",
    "register": "centers/",
    "cards": "centers/?view=cards",
    "map": "centers/?view=map&status=academy",
    "timeline": "centers/?view=timeline",
    "past": "centers/?as_of=2019-02-05",
    "center": "centers/kavli-ipmu/",
    "short": "centers/nanolsi/",
    "compare": "centers/compare/?from=2012-01-01&to=2019-02-05",
    "board": "centers/requirements/?as_of=2019-02-05",
    "directors": "directors/",
    "director": "directors/hitoshi-murayama/",
    "satellites": "satellites/",
    "program": "program/",
    "practices": "program/practices/",
    "guides": "guides/",
    "topic": "guides/immigration/",
    "guide": "guides/immigration/residence-card-and-address-report/",
    "both": "guides/immigration/residence-card-and-address-report/?view=both",
    "glossary": "glossary/",
    "contacts": "contacts/",
    "emergency": "emergency/",
    "sheet": "guides/immigration/residence-card-and-address-report/report-your-address/sheet/",
    "report": "guides/immigration/residence-card-and-address-report/report-your-address/report/",
    "new-plan": "plan/",
    "plan": "plan/?arrived=2026-04-03&moved_in=2026-04-03&role=employee",
    "status": "status/",
    "result": "status/?a=n0.no&a=n1.researcher&a=n2.yes&a=n3.no",
    "points": "status/points/",
    "sources": "sources/",
    "news": "news/",
    "about": "about/",
    "privacy": "about/privacy/",
    "contact": "about/contact/",
    "data": "about/data/",
    "accessibility": "about/accessibility/",
}
ERRORS = {"missing": "nowhere/", "unreadable": "centers/?as_of=yesterday"}
# What every change is checked on; the slow tests take them all.
FEW = ("home", "register", "center", "board", "guide", "emergency")
EVERY = {**TYPES, **ERRORS}
