-- The names of a user's roles, in order and separated by commas, beside the
-- user: what every refresh reads, without a second table.  user_role decides;
-- whoever changes it writes this anew in the same transaction.

ALTER TABLE user ADD COLUMN roles VARCHAR(1055) CHARACTER SET ascii
	COLLATE ascii_nopad_bin NOT NULL DEFAULT '';

UPDATE user u SET roles = COALESCE((SELECT GROUP_CONCAT(r.role_name
	ORDER BY r.role_name) FROM user_role r WHERE r.user_id = u.id), '');
