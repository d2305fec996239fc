CREATE INDEX recipes_tasting_recipe_id_f11e2622 ON recipes_tasting (recipe_id);
