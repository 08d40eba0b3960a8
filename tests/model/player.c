/* One actor of the model. */
#include "player.h"

#include "auth/keys.h"
#include "auth/logout.h"
#include "auth/password.h"
#include "auth/refresh.h"
#include "base/clock.h"
#include "base/limits.h"
#include "wrap/db_internal.h"

#include <assert.h>
#include <string.h>

enum { STACK_SIZE = 512 * 1024, DEADLINE_MS = 5000 };

/* Who is on stage, or NULL. */
static struct player *self;

static bool
is_place_to_wait(const char *name)
{
	return strcmp(name, "refresh-refused") == 0 ||
	    strcmp(name, "transaction-before-commit") == 0;
}

static void
give_stage(ucontext_t *from, const ucontext_t *to)
{
	/* Threads would do, at a fraction of the speed. */
	/* cppcheck-suppress swapcontextCalled */
	if (swapcontext(from, to) != 0)
		abort();
}

/* In place of base/fault.c. */
void fault_point(const char *name);

void
fault_point(const char *name)
{
	struct player *player = self;

	if (player == NULL)
		return;
	if (is_place_to_wait(name))
		give_stage(&player->own, &player->director);
	if (player->die_at != NULL && strcmp(player->die_at, name) == 0)
		longjmp(player->dying, 1);
}

enum api_error
player_refresh(struct context *context, struct secret token,
    struct token_pair *pair_r)
{
	struct refresh *refresh;
	const enum api_error error =
	    refresh_begin(context, token, NULL, &refresh);

	return error == API_OK ? refresh_finish(refresh, pair_r) : error;
}

/* --- On stage ----------------------------------------------------------- */

static void
change_password(struct player *player)
{
	static const char old[] = "an old password";
	static const char fresh[] = "quite another password";
	const struct password_change change = {
		.current_password = { (const unsigned char *)old,
		    sizeof old - 1 },
		.new_password = { (const unsigned char *)fresh,
		    sizeof fresh - 1 },
	};

	player->error = password_change(&player->context, &player->identity,
	    &change, &player->pair);
}

static void
play(struct player *player)
{
	const struct logout_input here = { .scope = STR_NONE };

	if (player->number < REFRESHES)
		player->error = player_refresh(&player->context, player->token,
		    &player->pair);
	else if (player->number == LOGOUT)
		player->error =
		    logout(&player->context, &here, &player->identity);
	else
		change_password(player);
}

/*
 * The server rolls back what a connection that is gone had under way: to ask
 * for it comes to the same and saves a connection for each order.
 */
static void
die(struct player *player)
{
	player->is_dead = true;
	if (mysql_rollback(player->conn->mysql) != 0)
		abort();
	db_release(player->app.db, &player->conn);
}

/* Once round for each order. */
static void
live(void)
{
	for (;;) {
		assert(self != NULL);
		if (setjmp(self->dying) == 0)
			play(self);
		else
			die(self);
		self->is_done = true;
		give_stage(&self->own, &self->director);
	}
}

/* --- Whoever directs ---------------------------------------------------- */

static int
make_coroutine(struct player *player)
{
	player->stack = malloc(STACK_SIZE);
	/* cppcheck-suppress getcontextCalled */
	if (player->stack == NULL || getcontext(&player->own) != 0)
		return -1;
	player->own.uc_stack.ss_sp = player->stack;
	player->own.uc_stack.ss_size = STACK_SIZE;
	/* cppcheck-suppress makecontextCalled */
	makecontext(&player->own, live, 0);
	return 1;
}

int
player_open(struct player *player, int number, const struct app *app)
{
	*player = (struct player){ .number = number, .app = *app };
	player->context.arena = arena_new(LIMIT_ARENA);
	player->app.db_options.pool = 1;
	if (player->context.arena == NULL || make_coroutine(player) < 0)
		return -1;
	return db_open(&player->app.db_options, &player->app.db);
}

void
player_close(struct player *player)
{
	db_close(&player->app.db);
	arena_free(&player->context.arena);
	free(player->stack);
}

/* There is one connection, so this is the one it will use. */
static struct db_conn *
peek_connection(struct db *db)
{
	struct db_conn *conn = db_acquire(db, 0);
	struct db_conn *released = conn;

	if (conn != NULL)
		db_release(db, &released);
	return conn;
}

void
player_prepare(struct player *player, const struct context *context)
{
	struct arena *arena = player->context.arena;

	arena_reset(arena);
	player->context = *context;
	player->context.arena = arena;
	player->context.app = &player->app;
	player->context.issues = &player->issues;
	player->context.now = clock_read();
	player->context.deadline_ms = player->context.now.mono_ms + DEADLINE_MS;
	player->issues.count = 0;
	player->error = API_OK;
	player->pair = (struct token_pair){ .refresh_token = STR_NONE };
	player->is_done = false;
	player->is_dead = false;
	player->die_at = NULL;
	player->conn = peek_connection(player->app.db);
}

void
player_go_on(struct player *player)
{
	self = player;
	give_stage(&player->director, &player->own);
	self = NULL;
}
