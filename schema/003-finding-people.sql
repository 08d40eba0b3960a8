-- What users are found by, in lists and searches.

-- Lists by status.
ALTER TABLE user ADD KEY status (status);

-- One row a user, numbered in the order they were made: the lower-cased
-- e-mail, user name and full name, with a byte between them that no text
-- has.  Searches inside words read so many of these numbers at a time.
CREATE TABLE user_search (
	number BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
	user_id BINARY(16) NOT NULL,
	text VARBINARY(1200) NOT NULL,
	UNIQUE KEY user_id (user_id),
	CONSTRAINT user_search_user FOREIGN KEY (user_id) REFERENCES user (id)
		ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

-- Those texts from each beginning of a word, so that a search by the
-- beginning of a word is a range of the index.
CREATE TABLE user_term (
	user_id BINARY(16) NOT NULL,
	term VARBINARY(254) NOT NULL,
	PRIMARY KEY (user_id, term),
	KEY term (term, user_id),
	CONSTRAINT user_term_user FOREIGN KEY (user_id) REFERENCES user (id)
		ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

-- Users made before these tables; latchkeyctl migrate empties it.
CREATE TABLE user_unindexed (
	user_id BINARY(16) NOT NULL PRIMARY KEY,
	CONSTRAINT user_unindexed_user FOREIGN KEY (user_id)
		REFERENCES user (id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_nopad_bin;

INSERT INTO user_unindexed (user_id) SELECT id FROM user;
