/* The real rules and statements, taken through an order of steps. */
#include "drive.h"

#include "auth/keyring.h"
#include "auth/keys.h"
#include "auth/opening.h"
#include "auth/refresh.h"
#include "base/limits.h"
#include "model/user.h"
#include "player.h"

enum { GRACE_PASSES_MS = 3600 * 1000, DEADLINE_MS = 5000 };

struct drive {
	struct app *app;
	struct context context;
	struct issues issues;
	/* For what belongs to no actor. */
	struct db_conn *conn;
	struct user user;
	/* How far the tables reached before the order. */
	struct facts_marks before;
	struct player players[ACTORS];
};

static const struct app_need *const needs[] = { &need_signing,
	&need_refresh_keys, NULL };

static int
find_user(struct drive *drive, const char *email)
{
	struct user_login found;
	const int rc = user_find_login_by_email(drive->conn,
	    drive->context.arena, str_from(email), &found);

	drive->user.id = found.user.id;
	drive->user.token_version = found.user.token_version;
	drive->user.email = str_from(email);
	drive->user.roles = STR("ADMIN");
	return rc;
}

static void
set_stage(struct drive *drive, const struct config *config)
{
	const struct clock_reading now = clock_read();

	drive->context = (struct context){
		.app = drive->app,
		.arena = arena_new(LIMIT_ARENA),
		.keys = keyring_acquire(drive->app->keyring, &now),
		.ip = STR("192.0.2.1"),
		.user_agent = STR("model"),
		.request_id = STR("00000000-0000-7000-8000-000000000000"),
		.issues = &drive->issues,
	};
	drive->conn = db_acquire(drive->app->db,
	    now.mono_ms + config->server_deadline_ms);
}

static NORETURN void
give_up(const char *why)
{
	fprintf(stderr, "%s\n", why);
	exit(EXIT_FAILURE);
}

struct drive *
drive_open(const struct config *config, const char *email)
{
	struct drive *drive = calloc(1, sizeof *drive);
	struct why why = { "out of memory" };

	if (drive == NULL || app_open(config, needs, &drive->app, &why) < 0)
		give_up(why.text);
	set_stage(drive, config);
	if (drive->conn == NULL || find_user(drive, email) != 1 ||
	    facts_forget(drive->conn, drive->context.arena) < 0)
		give_up("the database or the account is not there");
	for (int i = 0; i < ACTORS; i++)
		if (player_open(&drive->players[i], i, drive->app) < 0)
			give_up("out of memory");
	return drive;
}

void
drive_close(struct drive *drive)
{
	for (int i = 0; i < ACTORS; i++)
		player_close(&drive->players[i]);
	db_release(drive->app->db, &drive->conn);
	keys_unref(&drive->context.keys);
	arena_free(&drive->context.arena);
	app_close(&drive->app);
	free(drive);
}

/* --- Before ------------------------------------------------------------- */

/* A session, as a login opens it.  first_r: its token. */
static bool
open_session(struct drive *drive, struct reftoken *first_r)
{
	struct context *context = &drive->context;
	struct opening opening;
	struct token_pair pair;

	return facts_mark(drive->conn, context->arena, &drive->before) == 1 &&
	    opening_prepare(context, &drive->user, &opening) == 1 &&
	    opening_insert(drive->conn, &opening) == 1 &&
	    opening_pair(&opening, &pair) == API_OK &&
	    reftoken_decode(context->keys, pair.refresh_token, first_r) == 1;
}

/* The tokens of all generations; whoever has the key can write them. */
static bool
write_tokens(struct drive *drive, const struct reftoken *first,
    struct outcome *outcome_r)
{
	struct reftoken token = *first;

	for (size_t g = 1; g < ARRAY_LEN(outcome_r->tokens); g++) {
		token.generation = (int64_t)g;
		if (reftoken_encode(drive->context.keys, drive->context.arena,
		        &token, &outcome_r->tokens[g]) < 0)
			return false;
	}
	return true;
}

static void
prepare_players(struct drive *drive, const struct reftoken *first)
{
	for (int i = 0; i < ACTORS; i++) {
		struct player *player = &drive->players[i];

		player_prepare(player, &drive->context);
		player->identity = (struct identity){
			.user_id = drive->user.id,
			.session_id = first->session_id,
			.version = drive->user.token_version,
		};
	}
}

/* --- The steps ---------------------------------------------------------- */

static bool
let_grace_pass(struct drive *drive)
{
	struct player *clock = &drive->players[CLOCK];

	clock->is_done = true;
	return facts_age(clock->conn, clock->context.arena,
	           &clock->identity.session_id, GRACE_PASSES_MS) == 1;
}

static bool
take(struct drive *drive, const struct outcome *outcome,
    const struct step *step)
{
	struct player *player = &drive->players[step->actor];

	if (step->actor == CLOCK)
		return let_grace_pass(drive);
	if (step->presented > 0) {
		const struct str text = outcome->tokens[step->presented];

		player->token = (struct secret){
			(const unsigned char *)text.ptr,
			text.len,
		};
	}
	if (step->death == DEATH_BEFORE)
		player->die_at = "transaction-before-commit";
	else if (step->death == DEATH_AFTER)
		player->die_at = "refresh-after-step";
	player_go_on(player);
	return true;
}

/* Step by step beside the model, which says who must be done by now. */
static bool
take_all(struct drive *drive, const struct order *order,
    const struct outcome *outcome)
{
	struct world world;

	world_begin(order->cast, &world);
	for (size_t i = 0; i < order->count; i++) {
		const struct step *step = &order->steps[i];
		const struct actor *actor = &world.actors[step->actor];

		world_step(&world, step);
		if (!take(drive, outcome, step)) {
			printf("step %zu: can't be taken\n", i + 1);
			return false;
		}
		if (drive->players[step->actor].is_done !=
		    (actor->phase == PHASE_DONE)) {
			printf("step %zu: should%s be the actor's last\n",
			    i + 1, actor->phase == PHASE_DONE ? "" : " not");
			return false;
		}
	}
	return true;
}

/* --- Afterwards --------------------------------------------------------- */

static bool
look_afterwards(struct drive *drive, const struct uuid *id,
    struct outcome *outcome)
{
	struct context *context = &drive->context;
	struct facts *facts = &outcome->facts;
	struct token_pair pair;
	struct str newest;

	if (facts_read(drive->conn, context->arena, id, &drive->before,
	        facts) != 1)
		return false;
	facts->versions -= drive->user.token_version;
	drive->user.token_version += facts->versions;
	newest = outcome->tokens[facts->generation];
	outcome->newest = player_refresh(context,
	    (struct secret){ (const unsigned char *)newest.ptr, newest.len },
	    &pair);
	return facts_forget(drive->conn, context->arena) == 1;
}

static void
collect(const struct drive *drive, struct outcome *outcome)
{
	for (int i = 0; i < ACTORS; i++) {
		const struct player *player = &drive->players[i];

		outcome->actors[i] = (struct ending_of){
			.is_dead = player->is_dead,
			.error = player->error,
			.token = player->pair.refresh_token,
		};
	}
}

bool
drive_run(struct drive *drive, const struct order *order,
    struct outcome *outcome_r)
{
	struct reftoken first;

	arena_reset(drive->context.arena);
	drive->context.now = clock_read();
	drive->context.deadline_ms = drive->context.now.mono_ms + DEADLINE_MS;
	if (!open_session(drive, &first) ||
	    !write_tokens(drive, &first, outcome_r)) {
		puts("no session could be opened");
		return false;
	}
	prepare_players(drive, &first);
	if (!take_all(drive, order, outcome_r))
		return false;
	collect(drive, outcome_r);
	if (look_afterwards(drive, &first.session_id, outcome_r))
		return true;
	puts("the database does not say what became of it");
	return false;
}
