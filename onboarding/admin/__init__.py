"""Staff pages of the guides."""

from onboarding.admin import contacts, facts, glossary, guides, materials, reports, rules, status, steps, topics

__all__ = ["contacts", "facts", "glossary", "guides", "materials", "reports", "rules", "status", "steps", "topics"]
