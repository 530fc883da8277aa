"""Addresses of the register, below the language prefix. `compare` and `requirements` are reserved slugs."""

from django.urls import path

from centers import views

app_name = "centers"
urlpatterns = [
    path("program/", views.ProgramView.as_view(), name="program"),
    path("program/practices/", views.PracticeListView.as_view(), name="practices"),
    path("centers/", views.CenterListView.as_view(), name="list"),
    path("centers/compare/", views.CompareView.as_view(), name="compare"),
    path("centers/requirements/", views.BoardView.as_view(), name="board"),
    path("centers/requirements.csv", views.BoardCsvView.as_view(), name="board-csv"),
    path("centers/<slug:slug>/", views.CenterDetailView.as_view(), name="detail"),
    path("directors/", views.DirectorListView.as_view(), name="directors"),
    path("directors/<slug:slug>/", views.DirectorDetailView.as_view(), name="director"),
    path("satellites/", views.SatelliteListView.as_view(), name="satellites"),
]
