"""Tasting notes, and the ranking made from them."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import cache_page
from django.views.decorators.http import require_POST, require_safe
from django.views.decorators.vary import vary_on_cookie

from recipes.forms import TastingForm
from recipes.models import Ranking, Recipe, Tasting


@require_POST
@login_required
def taste(request, pk):
    """Keep what the visitor thought of a beer."""
    recipe = get_object_or_404(Recipe, pk=pk)
    form = TastingForm(request.POST)
    if form.is_valid():
        with transaction.atomic():
            Tasting.objects.update_or_create(
                recipe=recipe,
                taster=request.user,
                defaults={**form.cleaned_data, "tasted_at": timezone.now()},
            )
        messages.success(request, "Cheers! Your note is kept.")
    else:
        messages.error(request, "Rate it from 1 to 5, with at most 200 characters of note.")
    return redirect(recipe)


@require_safe
@cache_page(60)
@vary_on_cookie
def ranking(request):
    """The best beers first. The page is made once a minute, for all workers."""
    best = Ranking.objects.select_related("recipe__brewer")[:20]
    return render(request, "recipes/ranking.html", {"ranking": best})
