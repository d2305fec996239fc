CREATE VIEW recipes_ranking AS
SELECT recipe_id,
       COUNT(*)    AS tastings,
       AVG(rating) AS rating
FROM recipes_tasting
GROUP BY recipe_id;
