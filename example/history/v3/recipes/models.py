"""Recipes, what people thought of the beer, and the ranking that follows from it."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils import timezone

SHADES = (10, 18, 30, 55)  # EBC: straw, gold, amber, brown; above them black


class Recipe(models.Model):
    """One beer, and how to brew it."""

    title = models.CharField(max_length=80)
    # Nobody's recipe is the house's: the starters belong to no account.
    brewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="recipes"
    )
    summary = models.CharField(max_length=200, help_text="One line: what is it like?")
    litres = models.PositiveSmallIntegerField(
        default=20, validators=[MinValueValidator(1), MaxValueValidator(1000)]
    )
    original_gravity = models.PositiveSmallIntegerField(
        default=1050,
        help_text="Before fermentation: 1050 for 1.050.",
        validators=[MinValueValidator(1000), MaxValueValidator(1200)],
    )
    final_gravity = models.PositiveSmallIntegerField(
        default=1010,
        help_text="When it is done: 1010 for 1.010.",
        validators=[MinValueValidator(980), MaxValueValidator(1200)],
    )
    bitterness = models.PositiveSmallIntegerField(
        "bitterness (IBU)", default=25, validators=[MaxValueValidator(150)]
    )
    colour = models.PositiveSmallIntegerField(
        "colour (EBC)",
        default=12,
        help_text="6 is straw, 20 is amber, 80 is black.",
        validators=[MaxValueValidator(150)],
    )
    ingredients = models.TextField(help_text="One on each line.")
    method = models.TextField(help_text="One step on each line.")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    # The database has the default too: workers of an older release insert without this column.
    style = models.CharField(
        max_length=40, blank=True, default="", db_default="", help_text="For example Porter."
    )
    # Set by a trigger, so that it is true of changes by older releases as well.
    updated_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["-created_at"], name="recipes_recipe_newest")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(final_gravity__lte=models.F("original_gravity")),
                name="recipes_recipe_ferments",
                violation_error_message="The final gravity cannot be above the original gravity.",
            )
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("recipe", args=[self.pk])

    @property
    def alcohol(self):
        """Per cent by volume, by the brewer's rule of thumb."""
        return (self.original_gravity - self.final_gravity) * 0.13125

    @property
    def shade(self):
        """1 (straw) to 5 (black): the colour of the glass in the pages."""
        return 1 + sum(self.colour >= limit for limit in SHADES)

    @property
    def tasting_notes(self):
        return self.tastings.select_related("taster")


class Tasting(models.Model):
    """What one person thought of one beer; tasting it again replaces it."""

    recipe = models.ForeignKey(Recipe, models.CASCADE, related_name="tastings")
    taster = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="tastings")
    rating = models.SmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(5)])
    note = models.CharField(max_length=200, blank=True)
    tasted_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["-tasted_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["recipe", "taster"], name="recipes_tasting_one_each"),
            models.CheckConstraint(
                condition=models.Q(rating__range=(1, 5)), name="recipes_tasting_rating"
            ),
        ]

    def __str__(self):
        return f"{self.rating} for {self.recipe_id}"


class Ranking(models.Model):
    """The average rating of a recipe that somebody has tasted. A view, so nothing to write."""

    recipe = models.OneToOneField(
        Recipe, models.DO_NOTHING, primary_key=True, db_constraint=False, related_name="ranking"
    )
    tastings = models.IntegerField()
    rating = models.FloatField()

    class Meta:
        managed = False
        db_table = "recipes_ranking"
        ordering = ["-rating", "-tastings", "recipe"]

    def __str__(self):
        return f"{self.rating:.1f} for {self.recipe_id}"


class Award(models.Model):
    """A medal that a beer won at a fair."""

    recipe = models.ForeignKey(Recipe, models.CASCADE, related_name="awards")
    fair = models.CharField(max_length=80)
    year = models.PositiveSmallIntegerField()

    def __str__(self):
        return f"{self.fair} {self.year}"
