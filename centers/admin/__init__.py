"""Staff pages of the register."""

from centers.admin import center, indicators, people, practices, program, satellites

__all__ = ["center", "indicators", "people", "practices", "program", "satellites"]
