"""The whole site on one screen."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from onboarding.plan_views import plan_ics
from wpiforum import downloads, embed, feeds, offline, sitemap, views
from wpiforum.about_data import DataView
from wpiforum.api import api
from wpiforum.api_docs import ApiDocsView
from wpiforum.components import ComponentsView
from wpiforum.operation import health, metrics
from wpiforum.search import views as search_views

urlpatterns = [
    path("", views.root, name="root"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics.page, name="metrics"),
    path("robots.txt", sitemap.robots, name="robots"),
    path("sitemap.xml", sitemap.sitemap, name="sitemap"),
    path("sitemap-<int:number>.xml", sitemap.sitemap, name="sitemap-part"),
    path(".well-known/security.txt", sitemap.security, name="security"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("sw.js", offline.worker, name="worker"),
    path("manifest.webmanifest", offline.manifest, name="manifest"),
    path("plan.ics", plan_ics, name="plan-ics"),
    path("feeds/<str:code>.atom", feeds.feed, name="feed"),
    path("feeds/<str:code>/guides/<slug:topic>.atom", feeds.feed, name="feed-topic"),
    path("feeds/<str:code>/centers/<slug:center>.atom", feeds.feed, name="feed-center"),
    path("data/wpi-forum.zip", downloads.archive_file, name="archive"),
    path("data/<slug:name>.csv", downloads.list_csv, name="list-csv"),
    path("oembed", embed.oembed, name="oembed"),
    path("embed/<str:code>/guides/<slug:topic>/<slug:slug>/", embed.guide, name="embed-guide"),
    path("embed/<str:code>/guides/<slug:topic>/<slug:guide>/<slug:step>/", embed.step, name="embed-step"),
    path("api/v1/docs", ApiDocsView.as_view(), name="api-docs"),
    path("api/v1/", api.urls),
    *i18n_patterns(
        path("", views.HomeView.as_view(), name="home"),
        path("", include("centers.urls")),
        path("", include("onboarding.urls")),
        path("sources/", views.SourcesView.as_view(), name="sources"),
        path("news/", views.NewsView.as_view(), name="news"),
        path("search/", search_views.search, name="search"),
        path("search/suggestions.json", search_views.suggestions, name="search-suggestions"),
        path("search/description.xml", search_views.description, name="search-description"),
        path("about/", views.AboutView.as_view(page_key="about"), name="about"),
        path("about/privacy/", views.AboutView.as_view(page_key="privacy"), name="privacy"),
        path("about/terms/", views.AboutView.as_view(page_key="terms"), name="terms"),
        path("about/accessibility/", views.AboutView.as_view(page_key="accessibility"), name="accessibility"),
        path("about/contact/", views.AboutView.as_view(page_key="contact"), name="contact"),
        path("about/data/", DataView.as_view(), name="data"),
        path("preview/<str:token>/", views.preview_page, name="preview"),
        path("components/", ComponentsView.as_view(), name="components"),
        path("admin/account/", include("wpiforum.accounts.urls")),
        path("admin/", admin.site.urls),
        prefix_default_language=True,
    ),
]

handler400 = "wpiforum.views.bad_request"
handler403 = "wpiforum.views.forbidden"
handler404 = "wpiforum.views.not_found"
handler500 = "wpiforum.views.server_error"
