CREATE INDEX recipes_recipe_newest ON recipes_recipe (created_at DESC);
