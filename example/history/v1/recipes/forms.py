"""What visitors may send us."""

from django import forms

from recipes.models import Recipe


class RecipeForm(forms.ModelForm):
    class Meta:
        model = Recipe
        fields = [
            "title",
            "summary",
            "litres",
            "original_gravity",
            "final_gravity",
            "bitterness",
            "colour",
            "ingredients",
            "method",
        ]
