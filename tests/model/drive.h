/*
 * The rules of src/auth and their SQL, taken through an order of steps: each
 * actor has a connection of its own and goes from one fault point to the
 * next when it is told to.
 */
#ifndef LATCHKEY_TESTS_MODEL_DRIVE_H
#define LATCHKEY_TESTS_MODEL_DRIVE_H

#include "explore.h"

#include "base/attrs.h"
#include "base/config.h"
#include "base/error.h"
#include "base/str.h"
#include "facts.h"

/* What an actor has come to. */
struct ending_of {
	bool is_dead;
	enum api_error error;
	/* Where a refresh was answered, what it got. */
	struct str token;
};

struct outcome {
	struct ending_of actors[ACTORS];
	/* Versions and all other counts since the beginning. */
	struct facts facts;
	/* The tokens that there may be, by generation. */
	struct str tokens[REFRESHES + 3];
	/* The answer to the newest of them afterwards. */
	enum api_error newest;
};

struct drive;

/*
 * config: of a running private copy that nobody else uses.  email: an account
 * there.  Exits with a line where that fails.
 */
MUST_CHECK NONNULL struct drive *
drive_open(const struct config *config, const char *email);
NONNULL void drive_close(struct drive *drive);

/*
 * Open a session, take the steps, look at the outcome and remove all rows.
 * Returns false with a line where the steps do not go as they should.
 * *outcome_r is valid until the next call.
 */
MUST_CHECK NONNULL bool drive_run(struct drive *drive,
    const struct order *order, struct outcome *outcome_r);

#endif
