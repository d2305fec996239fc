"""What visitors may send us."""

from django import forms

from recipes.models import Recipe, Tasting


class RecipeForm(forms.ModelForm):
    class Meta:
        model = Recipe
        fields = [
            "title",
            "style",
            "summary",
            "litres",
            "original_gravity",
            "final_gravity",
            "bitterness",
            "colour",
            "ingredients",
            "method",
        ]


class TastingForm(forms.ModelForm):
    class Meta:
        model = Tasting
        fields = ["rating", "note"]
