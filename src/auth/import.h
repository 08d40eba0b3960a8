/* Users of another system, with the password hashes they had there. */
#ifndef LATCHKEY_AUTH_IMPORT_H
#define LATCHKEY_AUTH_IMPORT_H

#include "auth/app.h"
#include "base/attrs.h"
#include "model/user.h"

enum import_column {
	IMPORT_EMAIL,
	IMPORT_USERNAME,
	IMPORT_PASSWORD_HASH,
	IMPORT_FIRST_NAME,
	IMPORT_LAST_NAME,
	IMPORT_PHONE_NUMBER,
	IMPORT_AGE,
	IMPORT_ROLES,
	IMPORT_STATUS,
	IMPORT_CREATED_AT,
	IMPORT_COLUMN__MAX,
};

/* Their names in a file, as in the HTTP interface. */
extern const char *const import_column_names[IMPORT_COLUMN__MAX];

/* A row as it stands in the file; what was not given is absent. */
struct import_row {
	struct str cells[IMPORT_COLUMN__MAX];
};

enum import_outcome {
	IMPORT_ADDED,
	/* The address had an account before this import. */
	IMPORT_KNOWN,
	IMPORT_REFUSED,
};

/* Why a row is refused, for people: "age" "is no whole number". */
struct import_refusal {
	const char *what;
	const char *reason;
};

/* A row that passed; its texts are in the arena. */
struct import_user {
	/* In the file, for reports. */
	int64_t line;
	struct user user;
	struct str email_key;
	struct str username_key;
	struct str password_hash;
	/* A constant, such as "bcrypt". */
	const char *scheme;
	enum import_outcome outcome;
	struct import_refusal refusal;
};

enum { IMPORT_BATCH = 500 };

/* What goes into the database in one transaction. */
struct import_batch {
	struct context *context;
	/* When the import began, Unix milliseconds. */
	int64_t began_ms;
	/* Look, and write nothing. */
	bool is_dry_run;
	size_t count;
	struct import_user users[IMPORT_BATCH];
};

/*
 * Judge a row by the rules of registration, but for those of passwords, and
 * add it to the batch, which must have room.
 * Returns 1, 0 with *refusal_r, -1 without memory.
 */
MUST_CHECK NONNULL int import_add(struct import_batch *batch, int64_t line,
    const struct import_row *row, struct import_refusal *refusal_r);

/*
 * Write the batch, all of it or nothing; each user then has an outcome.
 * Returns API_OK or API_UNAVAILABLE, after which what was written can only be
 * told by importing the file again.
 */
MUST_CHECK NONNULL enum api_error import_write(struct import_batch *batch);

#endif
