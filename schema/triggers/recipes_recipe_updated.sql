-- Says when a recipe was changed, whichever release changed it.
CREATE TRIGGER recipes_recipe_updated
AFTER UPDATE ON recipes_recipe
FOR EACH ROW WHEN NEW.updated_at IS OLD.updated_at
BEGIN
    UPDATE recipes_recipe
    SET updated_at = strftime('%Y-%m-%d %H:%M:%f', 'now')
    WHERE id = NEW.id;
END;
