"""Addresses of the guides, below the language prefix."""

from django.urls import path

from onboarding import plan_views, points_views, reports, status_views, views

app_name = "onboarding"
urlpatterns = [
    path("guides/", views.GuideListView.as_view(), name="guides"),
    path("guides/<slug:topic>/", views.TopicView.as_view(), name="topic"),
    path("guides/<slug:topic>/<slug:slug>/", views.GuideView.as_view(), name="guide"),
    path("guides/<slug:topic>/<slug:guide>/<slug:step>/sheet/", views.SheetView.as_view(), name="sheet"),
    path("guides/<slug:topic>/<slug:guide>/<slug:step>/report/", reports.ReportView.as_view(), name="report"),
    path("plan/", plan_views.PlanView.as_view(), name="plan"),
    path("status/", status_views.StatusView.as_view(), name="status"),
    path("status/points/", points_views.PointsView.as_view(), name="points"),
    path("glossary/", views.GlossaryView.as_view(), name="glossary"),
    path("contacts/", views.ContactListView.as_view(), name="contacts"),
    path("emergency/", views.EmergencyView.as_view(), name="emergency"),
]
