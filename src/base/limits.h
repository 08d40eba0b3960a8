/*
 * Every limit of the service that is not a setting, in one place, with its
 * reason.  Sizes are bytes unless the name says otherwise.
 */
#ifndef LATCHKEY_BASE_LIMITS_H
#define LATCHKEY_BASE_LIMITS_H

enum {
	/* A request body; the web server's own limit lies above it. */
	LIMIT_BODY = 64 * 1024,
	/* Deeper JSON has no honest use here and costs stack to walk. */
	LIMIT_JSON_DEPTH = 16,
	/* One request's memory: body, parsed values and reply together. */
	LIMIT_ARENA = 1024 * 1024,
	/* First arena block: the usual request fits without a second one. */
	LIMIT_ARENA_BLOCK = 16 * 1024,
	/* A presented access token (minted ones are at most 3.5 KiB). */
	LIMIT_TOKEN = 4096,
	LIMIT_TOKEN_MINTED = 3584,
	/* Verifying keys in memory: current, next and retiring ones. */
	LIMIT_KEYS = 32,
	/* Roles of one user, so that a token stays under its size. */
	LIMIT_ROLES = 32,
	/* Elements of an array in a body: roles are the only ones. */
	LIMIT_TEXTS = LIMIT_ROLES,
	/* Rows of one page of a list, so that an answer fits its arena. */
	LIMIT_PAGE = 200,
	/* A page ends where it is longer than this, however few its rows. */
	LIMIT_PAGE_BYTES = 128 * 1024,
	/* Rows where nobody asked for a number. */
	LIMIT_PAGE_USUAL = 50,
	/* A cursor as it is sent back: the key of a row, in base64url. */
	LIMIT_CURSOR = 512,
	LIMIT_ROLE_NAME = 32,
	/* Tasks of one user: counting them stays cheap. */
	LIMIT_TASKS = 10000,
	/* Code points. */
	LIMIT_TASK_TITLE = 200,
	LIMIT_TASK_NOTES = 4000,
	/* Roles there are, so that a list of all fits an answer. */
	LIMIT_ROLES_ALL = 200,
	/* Code points that describe a role. */
	LIMIT_DESCRIPTION = 200,
	/* RFC 5321, 4.5.3.1.3: a path has 256 octets with its brackets. */
	LIMIT_EMAIL = 254,
	LIMIT_EMAIL_LOCAL = 64,
	LIMIT_DOMAIN_LABEL = 63,
	LIMIT_USERNAME = 64,
	/* Code points of a person's first or last name. */
	LIMIT_NAME = 100,
	LIMIT_PHONE = 32,
	/* What a search compares: a whole address, or as much of a name. */
	LIMIT_TERM = LIMIT_EMAIL,
	/* Words of one user that searches begin at, beside the first ones. */
	LIMIT_TERMS = 64,
	LIMIT_AGE = 150,
	/* Long enough for every password manager, short enough to hash. */
	LIMIT_PASSWORD = 1024,
	/* A stored PHC string of any scheme. */
	LIMIT_PASSWORD_HASH = 255,
	/* A row of a file of users; a real one has some hundred bytes. */
	LIMIT_IMPORT_ROW = 64 * 1024,
	LIMIT_USER_AGENT = 255,
	LIMIT_AUDIT_EVENT = 32,
	/* What an audit row says beyond ids. */
	LIMIT_AUDIT_DETAIL = 255,
	/* Text form of an IPv6 address with an IPv4 tail. */
	LIMIT_IP = 45,
	/* What a log line keeps of a path. */
	LIMIT_PATH_LOGGED = 200,
	/* A path to return to: percent-encoded it still fits a header. */
	LIMIT_RETURN = 1024,
	/* A log line, so that one write(2) appends it whole. */
	LIMIT_LOG_LINE = 2048,
	/* Verified tokens that a process remembers, at 288 bytes each. */
	LIMIT_TOKENS_CACHED = 1024,
	/* latchkey.conf, a key file, a list of keys. */
	LIMIT_FILE = 64 * 1024,
};

#endif
