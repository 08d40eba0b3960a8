/*
 * One actor of the model: a coroutine that leaves the stage at fault points,
 * so that one thread can play them all in any order.
 */
#ifndef LATCHKEY_TESTS_MODEL_PLAYER_H
#define LATCHKEY_TESTS_MODEL_PLAYER_H

#include "world.h"

#include "auth/app.h"
#include "auth/pair.h"
#include "auth/token.h"
#include "base/secret.h"

#include <setjmp.h>
#include <ucontext.h>

struct player {
	int number;
	/* A copy of the process's with a connection of its own. */
	struct app app;
	struct db_conn *conn;
	struct context context;
	struct issues issues;
	/* What it brings along. */
	struct identity identity;
	struct secret token;
	/* How it went. */
	enum api_error error;
	struct token_pair pair;
	bool is_done;
	bool is_dead;
	/* The fault point at which it is to die, or NULL. */
	const char *die_at;
	jmp_buf dying;
	ucontext_t own;
	ucontext_t director;
	void *stack;
};

/*
 * app: what to copy, all but the connection.  Returns 1 or -1.  The player
 * must stay where it is.
 */
MUST_CHECK NONNULL int
player_open(struct player *player, int number, const struct app *app);
NONNULL void player_close(struct player *player);

/* Before each order: everything but the identity and the token. */
NONNULL void
player_prepare(struct player *player, const struct context *context);

/* A whole refresh without an access token. */
MUST_CHECK NONNULL enum api_error player_refresh(struct context *context,
    struct secret token, struct token_pair *pair_r);

/* Let it run to its next fault point or to its end. */
NONNULL void player_go_on(struct player *player);

#endif
