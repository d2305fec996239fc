"""Files for one visitor alone."""

from pathlib import Path
from tempfile import TemporaryDirectory

from django.contrib.auth import get_user_model
from django.test import TestCase, override_settings


class PrivateFiles(TestCase):
    """What is in a visitor's folder, and what is not."""

    def setUp(self):
        folder = self.enterContext(TemporaryDirectory())
        self.ann, self.ben = (
            get_user_model().objects.create_user(name, password="hop garden 7")
            for name in ("ann", "ben")
        )
        self.own = Path(folder, str(self.ann.pk))
        self.own.mkdir()
        (self.own / "water report.txt").write_text("Ca 40, Mg 8")
        Path(folder, "secret.txt").write_text("not for her")
        self.enterContext(override_settings(PRIVATE_FILES=folder, X_SENDFILE=False))

    def get(self, name="water%20report.txt"):
        return self.client.get(f"/cellar/files/{name}")

    def test_nobody_gets_one_without_an_account(self):
        self.assertRedirects(self.get(), "/account/login/?next=/cellar/files/water%2520report.txt")

    def test_its_owner_gets_it(self):
        self.client.force_login(self.ann)
        answer = self.get()
        self.assertEqual(b"".join(answer.streaming_content), b"Ca 40, Mg 8")
        self.assertEqual(answer["Cache-Control"], "private, no-store")

    def test_apache_is_told_where_it_is(self):
        self.client.force_login(self.ann)
        with self.settings(X_SENDFILE=True):
            answer = self.get()
        self.assertEqual(answer["X-Sendfile"], f"{self.own.resolve()}/water report.txt")
        self.assertEqual((answer.content, answer["Content-Type"]), (b"", "text/plain"))

    def test_apache_is_told_names_in_utf_8(self):
        (self.own / "Kölsch №1.txt").write_text("Ca 20")
        self.client.force_login(self.ann)
        with self.settings(X_SENDFILE=True):
            told = self.get("K%C3%B6lsch%20%E2%84%961.txt")["X-Sendfile"]
        self.assertEqual(Path(told.encode("latin-1").decode()).name, "Kölsch №1.txt")

    def test_to_others_it_does_not_exist(self):
        self.client.force_login(self.ben)
        self.assertEqual(self.get().status_code, 404)

    def test_nothing_outside_the_folder_is_sent(self):
        self.client.force_login(self.ann)
        (self.own / "link").symlink_to("../secret.txt")
        for name in ("../secret.txt", "..%2Fsecret.txt", "link", ".", "/etc/passwd"):
            self.assertEqual(self.get(name).status_code, 404, name)
