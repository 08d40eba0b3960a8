-- What happened to whom, for people to read later.  Ids stay when a user is
-- deleted: they are pseudonyms then.

CREATE TABLE audit (
	id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
	at_ms BIGINT NOT NULL,
	event VARCHAR(32) CHARACTER SET ascii COLLATE ascii_nopad_bin
		NOT NULL,
	-- Who did it: NULL for somebody without an account or the command line.
	actor_id BINARY(16) NULL,
	-- Whose account it concerns.
	user_id BINARY(16) NULL,
	session_id BINARY(16) NULL,
	ip VARCHAR(45) CHARACTER SET ascii NOT NULL,
	user_agent VARCHAR(255) NOT NULL,
	request_id CHAR(36) CHARACTER SET ascii NOT NULL,
	detail VARCHAR(255) NULL,
	KEY user_id (user_id, id),
	KEY session_id (session_id, event),
	KEY event (event, id),
	KEY at_ms (at_ms)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;
