"""The pages about recipes, and the one that makes an account."""

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.contrib.auth.forms import UserCreationForm
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from recipes.forms import RecipeForm
from recipes.models import Recipe
from recipes.starters import STARTERS

PAGE_SIZE = 6


def page_of(recipes, request):
    """The page that the address asks for; a number that makes no sense gives the nearest one."""
    return Paginator(recipes, PAGE_SIZE).get_page(request.GET.get("page"))


@require_safe
def front(request):
    """All recipes, the newest first."""
    page = page_of(Recipe.objects.select_related("brewer"), request)
    return render(request, "recipes/front.html", {"page": page})


@require_POST
def starters(request):
    """Give an empty site something to show."""
    # The transaction holds the write lock from its start: two visitors at once make one set.
    with transaction.atomic():
        if not Recipe.objects.exists():
            Recipe.objects.bulk_create(Recipe(**starter) for starter in STARTERS)
    return redirect("front")


@require_safe
def search(request):
    """Recipes that have the words in their title, summary or ingredients."""
    q = request.GET.get("q", "").strip()
    found = Recipe.objects.none()
    if q:
        found = Recipe.objects.select_related("brewer").filter(
            Q(title__icontains=q) | Q(summary__icontains=q) | Q(ingredients__icontains=q)
        )
    return render(request, "recipes/search.html", {"q": q, "page": page_of(found, request)})


@require_safe
def recipe(request, pk):
    """One recipe."""
    found = get_object_or_404(Recipe.objects.select_related("brewer"), pk=pk)
    return render(request, "recipes/recipe.html", {"recipe": found})


@require_safe
@login_required
def cellar(request):
    """The visitor's own recipes."""
    page = page_of(request.user.recipes.select_related("brewer"), request)
    return render(request, "recipes/cellar.html", {"page": page})


@login_required
def add(request):
    """A new recipe in the visitor's cellar."""
    return recipe_form(request, Recipe(brewer=request.user), "Add a recipe")


@login_required
def edit(request, pk):
    """Change a recipe; to anyone but its brewer this page does not exist."""
    mine = get_object_or_404(Recipe, pk=pk, brewer=request.user)
    return recipe_form(request, mine, f"Edit {mine.title}")


def recipe_form(request, instance, heading):
    form = RecipeForm(request.POST or None, instance=instance)
    if form.is_valid():
        saved = form.save()
        messages.success(request, f"{saved.title} is in your cellar.")
        return redirect(saved)
    return render(request, "recipes/form.html", {"form": form, "heading": heading})


def register(request):
    """Make an account and log in."""
    form = UserCreationForm(request.POST or None)
    if form.is_valid():
        login(request, form.save())
        messages.success(request, "Welcome! Your cellar is still empty.")
        return redirect("cellar")
    return render(request, "registration/register.html", {"form": form})
