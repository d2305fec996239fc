CREATE INDEX recipes_recipe_brewer_id_a1102dce ON recipes_recipe (brewer_id);
