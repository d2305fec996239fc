"""Tasting notes, the ranking view and the trigger, on what the scripts in schema/ make."""

from django.contrib.auth import get_user_model
from django.db import IntegrityError, transaction
from django.test import TestCase
from django.urls import reverse

from recipes.models import Recipe, Tasting
from recipes.starters import STARTERS


class Tastings(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.stout, cls.pale = (Recipe.objects.create(**starter) for starter in STARTERS[:2])
        cls.ada, cls.bob = map(get_user_model().objects.create_user, ("ada", "bob"))

    def taste(self, taster, recipe, rating, note=""):
        self.client.force_login(taster)
        answer = {"rating": rating, "note": note}
        return self.client.post(reverse("taste", args=[recipe.pk]), answer, follow=True)

    def test_a_note_is_shown_with_its_recipe(self):
        page = self.taste(self.ada, self.stout, 4, "Like coffee")
        self.assertContains(page, "Like coffee")
        self.assertContains(page, "4.0")

    def test_tasting_again_replaces_the_note(self):
        self.taste(self.ada, self.stout, 2)
        self.taste(self.ada, self.stout, 5)
        self.assertEqual([tasting.rating for tasting in Tasting.objects.all()], [5])

    def test_a_rating_is_from_1_to_5(self):
        self.assertContains(self.taste(self.ada, self.stout, 6), "Rate it from 1 to 5")
        with self.assertRaises(IntegrityError), transaction.atomic():
            Tasting.objects.create(recipe=self.stout, taster=self.ada, rating=6)

    def test_the_ranking_puts_the_best_first(self):
        self.assertContains(self.client.get(reverse("ranking")), "No beer has been tasted yet")
        self.taste(self.ada, self.stout, 3)
        self.taste(self.bob, self.stout, 4)
        self.taste(self.bob, self.pale, 5)
        page = self.client.get(reverse("ranking"))
        self.assertEqual([place.rating for place in page.context["ranking"]], [5.0, 3.5])

    def test_the_ranking_is_made_once_a_minute(self):
        before = self.client.get(reverse("ranking")).content
        Tasting.objects.create(recipe=self.stout, taster=self.ada, rating=4)
        self.assertEqual(self.client.get(reverse("ranking")).content, before)

    def test_a_change_leaves_its_time(self):
        self.assertIsNone(self.pale.updated_at)
        self.pale.save()
        self.pale.refresh_from_db()
        first = self.pale.updated_at
        self.assertIsNotNone(first)
        Recipe.objects.update(litres=23)  # as a worker that does not know the column does
        self.pale.refresh_from_db()
        self.assertGreaterEqual(self.pale.updated_at, first)
