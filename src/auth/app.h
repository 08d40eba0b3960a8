/* What a process holds for its whole life, and what one request brings. */
#ifndef LATCHKEY_AUTH_APP_H
#define LATCHKEY_AUTH_APP_H

#include "base/arena.h"
#include "base/attrs.h"
#include "base/clock.h"
#include "base/config.h"
#include "base/error.h"
#include "base/issue.h"
#include "base/str.h"
#include "wrap/db.h"

struct keys;
struct revoked;

struct app {
	const struct config *config;
	struct db_options db_options;
	struct db *db;
	struct keys *keys;
	struct revoked *revoked;
};

/* One request as the rules see it. */
struct context {
	struct app *app;
	struct arena *arena;
	/* Read once, at the start. */
	struct clock_reading now;
	/* Nothing is answered past it (monotonic milliseconds). */
	int64_t deadline_ms;
	struct str ip;
	struct str user_agent;
	/* Filled where a rule returns API_VALIDATION_FAILED. */
	struct issues issues;
};

/*
 * What the process may hold in memory: public keys always, private ones only
 * where it mints tokens, MAC keys only where it reads refresh tokens.
 */
enum app_powers {
	APP_VERIFIES = 1,
	APP_SIGNS = 2,
	APP_READS_REFRESH = 4,
	APP_HASHES = 8,
};

/*
 * Load keys and prepare everything that does not need the database.
 * Returns 1, or -1 with one line for people in why_r.
 */
MUST_CHECK NONNULL int app_open(const struct config *config,
    unsigned int powers, struct app **app_r, struct why *why_r);
void app_close(struct app **app);

/* Settings that only this layer can judge.  Returns 1 or -1 with a line. */
MUST_CHECK NONNULL int
app_check_config(const struct config *config, struct why *why_r);

/*
 * How long after minting an access token could still pass anywhere: its
 * life, the leeway, and the deadline of the request that minted it.
 */
MUST_CHECK NONNULL int64_t app_access_life_ms(const struct config *config);

#endif
