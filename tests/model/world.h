/*
 * What rotation promises, without a database: the session's row, and people
 * who do one step each at a time.  A refresh with the current token has one
 * step, which looks and moves on at once; any other has two, its look and what
 * follows from it; a transaction has two, what it does and its COMMIT.
 */
#ifndef LATCHKEY_TESTS_MODEL_WORLD_H
#define LATCHKEY_TESTS_MODEL_WORLD_H

#include "base/attrs.h"

#include <stdbool.h>
#include <stddef.h>

/* The refreshes first; these follow them. */
enum {
	REFRESHES = 4,
	LOGOUT = REFRESHES,
	PASSWORD,
	/* Lets the grace window pass. */
	CLOCK,
	ACTORS,
};

/* Who takes part. */
struct cast {
	const char *name;
	int refreshes;
	bool has_logout;
	bool has_password;
	bool has_clock;
	/* How many may die after a rotation, and before a COMMIT. */
	int lost_answers;
	int lost_commits;
	/* Seconds by which this process's clock is ahead of the database's. */
	int ahead_s;
};

enum phase {
	PHASE_WAITING,
	/* A refresh that could not move on, and has yet to judge and write. */
	PHASE_LOOKED,
	/* A transaction before its COMMIT. */
	PHASE_HOLDING,
	PHASE_DONE,
};

enum result {
	RESULT_NONE,
	RESULT_OK,
	RESULT_REUSED,
	RESULT_ENDED,
	/* It died, and its client never heard. */
	RESULT_DEAD,
};

/* Whose transaction ended the session. */
enum ended { ENDED_NOT, ENDED_LOGOUT, ENDED_REUSE, ENDED_PASSWORD };

/* Without padding, so that worlds can be compared as bytes. */
struct row {
	int generation;
	enum ended ended;
	/* The last rotation is younger than the grace window: 1 or 0. */
	int is_fresh;
};

struct actor {
	enum phase phase;
	enum result result;
	/* A refresh: the token's generation, and the row as it was read. */
	int presented;
	struct row seen;
	/* The row when it first looked, for what must hold from then on. */
	struct row begun;
	int successor;
	/* 1 or 0 */
	int has_rotated;
};

struct world {
	struct row row;
	struct actor actors[ACTORS];
	/* Whose transaction holds the row's lock, or -1. */
	int holder;
	int answers_to_lose;
	int commits_to_lose;
	int concurrent;
	/* What the database must hold in the end. */
	int versions;
	int revocations;
	int sessions;
	int notes;
	int refusals_noted;
};

enum death {
	DEATH_NONE,
	/* Before COMMIT.  Before a rotation it would leave no trace. */
	DEATH_BEFORE,
	/* After the rotation: only the answer is lost. */
	DEATH_AFTER,
};

struct step {
	int actor;
	/* The generation of the token, where a refresh begins. */
	int presented;
	enum death death;
};

enum { STEPS_MAX = 32, CHOICES_MAX = 64 };

/* The session has just been opened. */
NONNULL void world_begin(const struct cast *cast, struct world *world_r);

/* All steps that are possible now; returns how many. */
MUST_CHECK NONNULL size_t world_choices(const struct world *world,
    struct step choices_r[CHOICES_MAX]);

/* The step must be one of the choices. */
NONNULL void world_step(struct world *world, const struct step *step);

#endif
