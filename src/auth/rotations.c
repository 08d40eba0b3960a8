/* Rotations that meet share one statement. */
#include "auth/rotations.h"

#include "base/cond.h"
#include "base/log.h"

#include <pthread.h>
#include <semaphore.h>

enum {
	/* Statements at the same time: while one waits for the disk, the
	 * other one is worked on. */
	STATEMENTS_MOST = 2,
	/* Steps for which it is worth not to wait for the other one. */
	WORTH_ANOTHER = 4,
	/* In the queue, behind the leader and one for it to answer. */
	HELPER = 2,
	/* A database that hangs with two must not hold up the others. */
	PATIENCE_MS = 50,
	/* A deadlock with a change of the account: the other one goes first. */
	TRIES_MAX = 3,
};

enum place {
	/* In the queue. */
	WAITS,
	/* Carries out its own step, and those of some that wait. */
	LEADS,
	/* Taken along; the leader writes to it. */
	RIDES,
	DONE,
	/* Together it did not work. */
	ALONE,
};

/* One request's step, in its arena. */
struct turn {
	struct context *context;
	struct session_rotation rotation;
	/* What rotations_step comes to. */
	int *rc_r;
	enum place place;
	/* Whether the thread that brought it waits for it, or has left it. */
	bool is_awaited;
	/* At most once, to a thread that waits: it leads, or all is done. */
	sem_t told;
	struct turn *next;
	/* Of one that leads: its own and those it takes along. */
	struct turn *batch[SESSION_ROTATIONS_MAX];
	size_t count;
};

static struct {
	pthread_mutex_t mutex;
	struct turn *first;
	struct turn **end;
	size_t waiting;
	/* Statements under way, and the steps in them. */
	size_t statements;
	size_t steps;
} queue = { .mutex = PTHREAD_MUTEX_INITIALIZER, .end = &queue.first };

/*
 * The first of those that one statement takes, so that there is one to lead it.
 * While all that are under way would fit into one, the third as well: two sign
 * and answer sooner.  Where there are more, to wake it would cost more.
 */
static bool
keeps_thread(const struct turn *turn)
{
	if (turn->context->resume == NULL)
		return true;
	return queue.waiting % SESSION_ROTATIONS_MAX == 0 ||
	    (queue.waiting == HELPER &&
	        queue.steps + queue.waiting < SESSION_ROTATIONS_MAX);
}

static void
enqueue(struct turn *turn)
{
	turn->is_awaited = keeps_thread(turn);
	*queue.end = turn;
	queue.end = &turn->next;
	queue.waiting++;
}

static struct turn *
dequeue(void)
{
	struct turn *turn = queue.first;

	queue.first = turn->next;
	if (queue.first == NULL)
		queue.end = &queue.first;
	turn->next = NULL;
	queue.waiting--;
	return turn;
}

/*
 * More at a time make smaller ones, which cost more; fewer leave the disk idle.
 * Nobody waits for one that carries a single step: that would be no gain.
 */
static bool
may_begin(size_t waiting)
{
	return queue.statements == 0 ||
	    (queue.statements < STATEMENTS_MOST &&
	        (queue.steps == queue.statements || waiting >= WORTH_ANOTHER));
}

/* With as many of those that wait as a statement takes. */
static void
begin_statement(struct turn *turn)
{
	turn->place = LEADS;
	turn->batch[turn->count++] = turn;
	while (turn->count < SESSION_ROTATIONS_MAX && queue.first != NULL) {
		struct turn *rider = dequeue();

		rider->place = RIDES;
		turn->batch[turn->count++] = rider;
	}
	queue.statements++;
	queue.steps += turn->count;
}

/* Returns who is to lead the next one, or NULL. */
static struct turn *
end_statement(struct turn *turn, enum place place)
{
	struct turn *next;

	queue.statements--;
	queue.steps -= turn->count;
	for (size_t i = 0; i < turn->count; i++)
		turn->batch[i]->place = place;
	if (queue.first == NULL || !may_begin(queue.waiting))
		return NULL;
	next = dequeue();
	begin_statement(next);
	return next;
}

/*
 * The first in the queue leads after so long, however many statements there
 * are.  Returns whether this one does.
 */
static bool
lose_patience(struct turn *turn)
{
	bool leads;

	pthread_mutex_lock(&queue.mutex);
	leads = queue.first == turn;
	if (leads)
		begin_statement(dequeue());
	pthread_mutex_unlock(&queue.mutex);
	return leads;
}

/* Until somebody has done it, or this one is to do it. */
static void
await(struct turn *turn)
{
	while (!cond_sem_wait(&turn->told, clock_mono_ms() + PATIENCE_MS))
		if (lose_patience(turn))
			break;
}

static int
step_on(struct context *context, struct db_conn *conn,
    struct session_rotation *rotation)
{
	int rc = -1;

	for (int tries = 0; tries < TRIES_MAX && rc < 0; tries++) {
		rc = session_rotate(conn, context->arena, rotation);
		if (rc < 0 &&
		    (db_last_error(conn) != DB_ERROR_CONFLICT ||
		        clock_mono_ms() >= context->deadline_ms))
			break;
	}
	if (rc < 0 && db_last_error(conn) == DB_ERROR_CONFLICT)
		log_warn("refresh", "others hold a session's row too long");
	if (rc < 0)
		return db_last_error(conn) == DB_ERROR_MISSING ? 0 : -1;
	return rotation->rc;
}

static int
step_alone(struct turn *turn)
{
	struct context *context = turn->context;
	struct db *db = context->app->db;
	struct db_conn *conn = db_acquire(db, context->deadline_ms);
	int rc;

	if (conn == NULL)
		return -1;
	rc = step_on(context, conn, &turn->rotation);
	db_release(db, &conn);
	return rc;
}

/* Rows are locked in the order of their ids, so that batches do not cross. */
static void
sort_by_id(struct turn **batch, size_t count)
{
	for (size_t i = 1; i < count; i++)
		for (size_t k = i; k > 0 &&
		     memcmp(batch[k - 1]->rotation.step->id->bytes,
		         batch[k]->rotation.step->id->bytes, UUID_SIZE) > 0;
		     k--) {
			struct turn *later = batch[k - 1];

			batch[k - 1] = batch[k];
			batch[k] = later;
		}
}

/*
 * Where none was carried out, each is tried alone, out of the queue: whoever
 * waits for a row keeps nobody else.  Where nobody can say, nothing is tried
 * again: a second time might look like theft.
 */
static enum place
step_together(struct context *context, struct turn **batch, size_t count)
{
	struct session_rotation rotations[SESSION_ROTATIONS_MAX];
	struct db *db = context->app->db;
	struct db_conn *conn = db_acquire(db, context->deadline_ms);
	enum place place = DONE;
	int rc;

	if (conn == NULL)
		return ALONE;
	sort_by_id(batch, count);
	for (size_t i = 0; i < count; i++)
		rotations[i] = batch[i]->rotation;
	rc = session_rotate_all(conn, context->arena, rotations, count);
	if (rc < 0 &&
	    (db_last_error(conn) == DB_ERROR_CONFLICT ||
	        db_last_error(conn) == DB_ERROR_MISSING))
		place = ALONE;
	for (size_t i = 0; i < count; i++)
		batch[i]->rotation.rc = rc == 1 ? rotations[i].rc : -1;
	db_release(db, &conn);
	return place;
}

/* What it has come to, by a statement of its own where that is needed. */
static int
result_of(struct turn *turn)
{
	return turn->place == ALONE ? step_alone(turn) : turn->rotation.rc;
}

/* For a thread that has left it. */
static void
go_on(void *turn_v)
{
	struct turn *turn = turn_v;

	*turn->rc_r = result_of(turn);
	turn->context->resume(turn->context);
}

/*
 * What asks the database once more is nothing for whoever has others to go on
 * with.
 */
static bool
is_slow(const struct turn *turn)
{
	const struct session_rotation *rotation = &turn->rotation;

	return turn->place == ALONE ||
	    (rotation->rc == 1 && !rotation->state_r->has_moved);
}

/*
 * Whoever is told, or gone on with, may be gone when the next one's turn comes.
 */
static void
tell_riders(const struct turn *leader)
{
	const struct app *app = leader->context->app;
	struct turn *quick[SESSION_ROTATIONS_MAX];
	struct turn *slow[SESSION_ROTATIONS_MAX];
	size_t quick_count = 0;
	size_t slow_count = 0;

	for (size_t i = 0; i < leader->count; i++) {
		struct turn *rider = leader->batch[i];

		if (rider == leader)
			continue;
		if (rider->is_awaited)
			sem_post(&rider->told);
		else if (!is_slow(rider))
			quick[quick_count++] = rider;
		else if (app->start_thread(go_on, rider) < 0)
			slow[slow_count++] = rider;
	}
	for (size_t i = 0; i < quick_count; i++)
		go_on(quick[i]);
	for (size_t i = 0; i < slow_count; i++)
		go_on(slow[i]);
}

static void
lead(struct turn *turn)
{
	const enum place place =
	    step_together(turn->context, turn->batch, turn->count);
	struct turn *next;

	pthread_mutex_lock(&queue.mutex);
	next = end_statement(turn, place);
	pthread_mutex_unlock(&queue.mutex);
	if (next != NULL)
		sem_post(&next->told);
	tell_riders(turn);
}

/* Returns whether the calling thread goes on with it. */
static bool
take_turn(struct turn *turn)
{
	bool must_wait;
	bool is_awaited;

	pthread_mutex_lock(&queue.mutex);
	must_wait = !may_begin(queue.waiting + 1);
	if (must_wait)
		enqueue(turn);
	else
		begin_statement(turn);
	/* Here, since one that is left may be gone once the mutex is free. */
	is_awaited = turn->is_awaited;
	pthread_mutex_unlock(&queue.mutex);
	if (!is_awaited)
		return false;
	if (must_wait)
		await(turn);
	if (turn->place == LEADS)
		lead(turn);
	return true;
}

size_t
rotations_waiting(void)
{
	size_t waiting;

	pthread_mutex_lock(&queue.mutex);
	waiting = queue.waiting;
	pthread_mutex_unlock(&queue.mutex);
	return waiting;
}

bool
rotations_step(struct context *context, const struct session_step *step,
    struct session_state *state_r, int *rc_r)
{
	struct turn *turn = arena_alloc(context->arena, sizeof *turn);

	*rc_r = -1;
	if (turn == NULL)
		return true;
	*turn = (struct turn){
		.context = context,
		.rotation = { step, context->arena, state_r, -1 },
		.rc_r = rc_r,
		.place = WAITS,
		.is_awaited = true,
	};
	sem_init(&turn->told, 0, 0);
	/* Nobody uses the semaphore of one that is left. */
	if (!take_turn(turn))
		return false;
	sem_destroy(&turn->told);
	*rc_r = result_of(turn);
	return true;
}
