"""All addresses of the site."""

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import path

from homebrew import farm
from recipes import files, views

urlpatterns = [
    path("", views.front, name="front"),
    path("starters/", views.starters, name="starters"),
    path("search/", views.search, name="search"),
    path("recipes/<int:pk>/", views.recipe, name="recipe"),
    path("recipes/<int:pk>/edit/", views.edit, name="edit"),
    path("cellar/", views.cellar, name="cellar"),
    path("cellar/files/<path:name>", files.private, name="private"),
    path("cellar/add/", views.add, name="add"),
    path("account/register/", views.register, name="register"),
    path("account/login/", LoginView.as_view(redirect_authenticated_user=True), name="login"),
    path("account/logout/", LogoutView.as_view(), name="logout"),
    path("about/", farm.about, name="about"),
    path("whoami", farm.whoami, name="whoami"),
    path("health", farm.health, name="health"),
    path("slow", farm.slow, name="slow"),
    path("seen", farm.seen, name="seen"),
]
