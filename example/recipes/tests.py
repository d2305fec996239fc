"""The site as a visitor and as a balancer see it."""

from django.contrib.auth import get_user_model
from django.db import connection
from django.test import TestCase, override_settings
from django.urls import reverse

from recipes.models import Recipe
from recipes.starters import STARTERS
from recipes.views import PAGE_SIZE

PORTER = {
    "title": "Back Door Porter",
    "summary": "Dark and dry",
    "litres": 20,
    "original_gravity": 1050,
    "final_gravity": 1010,
    "bitterness": 30,
    "colour": 55,
    "ingredients": "4 kg pale malt\n300 g chocolate malt",
    "method": "Mash.\nBoil.\nWait.",
}


class Pages(TestCase):
    """What anybody can see."""

    def test_an_empty_site_offers_to_brew_the_starters(self):
        self.assertContains(self.client.get("/"), "Brew the starter recipes")
        page = self.client.post(reverse("starters"), follow=True)
        self.assertContains(page, "Sunday Hefeweizen")
        self.assertNotContains(page, "Brew the starter recipes")

    def test_the_starters_are_brewed_once(self):
        for _ in range(2):
            self.client.post(reverse("starters"))
        self.assertEqual(Recipe.objects.count(), len(STARTERS))
        for starter in Recipe.objects.all():
            starter.full_clean(exclude=["brewer"])

    def test_the_list_has_pages(self):
        for number in range(PAGE_SIZE + 1):
            Recipe.objects.create(**{**PORTER, "title": f"Batch {number}"})
        first = self.client.get("/")
        self.assertContains(first, "Page 1 of 2")
        self.assertContains(first, f"Batch {PAGE_SIZE}")
        self.assertContains(self.client.get("/?page=2"), "Batch 0")

    def test_a_recipe_page_lists_ingredients_and_method(self):
        page = self.client.get(Recipe.objects.create(**PORTER).get_absolute_url())
        self.assertContains(page, "<li>300 g chocolate malt</li>", html=True)
        self.assertContains(page, "<li>Boil.</li>", html=True)
        self.assertContains(page, "5.3 %")

    def test_search_finds_an_ingredient(self):
        Recipe.objects.create(**PORTER)
        self.assertContains(self.client.get("/search/?q=CHOCOLATE"), "Back Door Porter")
        self.assertNotContains(self.client.get("/search/?q=citra"), "Back Door Porter")
        self.assertNotContains(self.client.get("/search/?q="), "Back Door Porter")

    def test_text_of_a_brewer_is_escaped(self):
        recipe = Recipe.objects.create(**{**PORTER, "title": "<b>Bold</b> & Bitter"})
        self.assertContains(
            self.client.get(recipe.get_absolute_url()), "&lt;b&gt;Bold&lt;/b&gt; &amp; Bitter"
        )

    def test_no_such_recipe(self):
        with self.assertLogs("django.request", "WARNING"):
            self.assertContains(
                self.client.get("/recipes/99/"), "This glass is empty", status_code=404
            )


@override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"])  # fast
class Cellar(TestCase):
    """What needs an account."""

    def log_in(self, name="ada"):
        self.client.force_login(get_user_model().objects.create_user(name))

    def test_register_log_out_and_log_in(self):
        secret = "barley-and-water"
        account = {"username": "ada", "password1": secret, "password2": secret}
        self.assertRedirects(self.client.post(reverse("register"), account), reverse("cellar"))
        self.client.post(reverse("logout"))
        self.assertRedirects(self.client.get(reverse("cellar")), "/account/login/?next=/cellar/")
        login = {"username": "ada", "password": secret}
        self.assertRedirects(self.client.post(reverse("login"), login), reverse("cellar"))

    def test_an_added_recipe_is_mine(self):
        self.log_in()
        page = self.client.post(reverse("add"), PORTER, follow=True)
        self.assertContains(page, "Back Door Porter is in your cellar.")
        self.assertContains(self.client.get(reverse("cellar")), "Back Door Porter")
        self.assertEqual(Recipe.objects.get().brewer.username, "ada")

    def test_beer_does_not_unferment(self):
        self.log_in()
        page = self.client.post(reverse("add"), {**PORTER, "final_gravity": 1060})
        self.assertContains(page, "cannot be above the original gravity")
        self.assertFalse(Recipe.objects.exists())

    def test_only_its_brewer_edits_a_recipe(self):
        self.log_in("ada")
        self.client.post(reverse("add"), PORTER)
        address = reverse("edit", args=[Recipe.objects.get().pk])
        self.client.post(address, {**PORTER, "title": "Front Door Porter"})
        self.assertEqual(Recipe.objects.get().title, "Front Door Porter")
        self.log_in("bob")
        with self.assertLogs("django.request", "WARNING"):
            self.assertEqual(self.client.get(address).status_code, 404)

    def test_a_post_needs_its_token(self):
        strict = self.client_class(enforce_csrf_checks=True)
        with self.assertLogs("django.security.csrf", "WARNING"):
            self.assertEqual(strict.post(reverse("starters")).status_code, 403)


@override_settings(FARM_RELEASE="default-1a2b3c-1", FARM_INSTANCE="www_7")
class Farm(TestCase):
    """What a balancer, a deployer and a load test ask."""

    def test_every_page_says_who_made_it(self):
        for address in ("/", "/about/"):
            self.assertContains(self.client.get(address), "www_7")
        answer = self.client.get("/whoami").json()
        self.assertEqual((answer["release"], answer["instance"]), ("default-1a2b3c-1", "www_7"))

    def test_healthy(self):
        answer = self.client.get("/health")
        self.assertEqual(answer.status_code, 200)
        self.assertEqual(answer.json()["status"], "ok")
        self.assertEqual(answer.json()["instance"], "www_7")

    def test_unhealthy_when_the_schema_is_not_the_one_we_need(self):
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE recipes_recipe RENAME COLUMN summary TO blurb")
        with self.assertLogs("django.request", "ERROR"):
            answer = self.client.get("/health")
        self.assertEqual(answer.status_code, 503)
        self.assertIn("summary", answer.json()["checks"]["database"])

    @override_settings(SLOW=True)
    def test_slow_has_a_known_length(self):
        answer = self.client.get("/slow?s=0")
        self.assertEqual(answer.headers["Content-Length"], "1000")
        self.assertEqual(len(answer.content), 1000)
        with self.assertLogs("django.request", "WARNING"):
            for nonsense in ("soon", "-1", "nan"):
                self.assertEqual(self.client.get(f"/slow?s={nonsense}").status_code, 400)
