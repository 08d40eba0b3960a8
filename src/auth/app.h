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

struct keyring;
struct keys;
struct revoked;
struct token_cache;

struct app {
	const struct config *config;
	struct db_options db_options;
	struct db *db;
	struct keyring *keyring;
	struct revoked *revoked;
	struct token_cache *token_cache;
	/*
	 * Told when a thread begins to wait for its turn at something rare, and
	 * when it has had it; NULL where nobody wants to know.
	 */
	void (*on_wait)(bool begins);
	/* Most threads that are between the two at the same time. */
	size_t most_waiting;
	/*
	 * Run something in a thread of its own.  Returns 1, or -1 where none is
	 * to be had.  There wherever requests have a resume.
	 */
	int (*start_thread)(void (*run)(void *work), void *work);
};

/* One request as the rules see it. */
struct context {
	struct app *app;
	struct arena *arena;
	/* Those in force when the request came. */
	struct keys *keys;
	/* Read once, at the start. */
	struct clock_reading now;
	/* Nothing is answered past it (monotonic milliseconds). */
	int64_t deadline_ms;
	struct str ip;
	struct str user_agent;
	struct str request_id;
	/* Filled where a rule returns API_VALIDATION_FAILED. */
	struct issues *issues;
	/*
	 * Go on in the calling thread with a request whose rule has returned
	 * API_LATER; NULL where its own thread must go on with it.
	 */
	void (*resume)(struct context *context);
	/* For resume. */
	void *owner;
};

/*
 * What an endpoint needs beyond verifying access tokens: private keys, MAC
 * keys, password hashing.  What it does not declare is neither loaded nor
 * linked into it.
 */
struct app_need {
	const char *name;
	/* Both NULL where there is nothing to do; 1, or -1 with a line. */
	int (*open)(struct app *app, struct why *why_r);
	/* Run at every load of the keys. */
	int (*load)(struct keys *keys, const struct config *config,
	    struct why *why_r);
};

/*
 * Load keys and prepare everything that does not need the database.  needs
 * ends with NULL.  Returns 1, or -1 with one line for people in *why_r.
 */
MUST_CHECK NONNULL int app_open(const struct config *config,
    const struct app_need *const *needs, struct app **app_r, struct why *why_r);
/*
 * Give back what only requests need: none has come for a while, although some
 * may come meanwhile.
 */
NONNULL void app_rest(struct app *app);
/* For each thread that ends. */
void app_thread_end(void);
/* This thread begins to wait for its turn, or has had it: see on_wait. */
NONNULL void app_tell_waiting(const struct app *app, bool begins);

void app_close(struct app **app);

/* Where the settings say the database is, for the service's user. */
NONNULL void
app_db_options(const struct config *config, struct db_options *options_r);

/*
 * Lease a connection for a transaction; see db_transaction.  Returns as it
 * does, -1 also without a connection.
 */
MUST_CHECK int app_transaction(struct context *context,
    int (*body)(struct db_conn *conn, void *work), void *work);

/*
 * How long after minting an access token could still pass anywhere: its
 * life, the leeway, and the deadline of the request that minted it.
 */
MUST_CHECK NONNULL int64_t app_access_life_ms(const struct config *config);

#endif
