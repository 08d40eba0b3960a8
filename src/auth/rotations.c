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
	/* Together it did not work, or took too long to begin. */
	ALONE,
};

/* One request's step, on its thread's stack. */
struct turn {
	struct context *context;
	struct session_rotation rotation;
	/* What rotations_step returns. */
	int rc;
	enum place place;
	/*
	 * Told once to whoever has waited in the queue, by whoever took it out,
	 * when its place is one that it can go on from.
	 */
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

static void
enqueue(struct turn *turn)
{
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

static void
leave_queue(const struct turn *turn)
{
	struct turn **at = &queue.first;

	while (*at != turn)
		at = &(*at)->next;
	*at = turn->next;
	if (turn->next == NULL)
		queue.end = at;
	queue.waiting--;
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

/* With those that wait, as many as there is a statement for. */
static void
begin(struct turn *turn)
{
	turn->place = LEADS;
	turn->batch[turn->count++] = turn;
	for (size_t twice = 2; twice <= SESSION_ROTATIONS_MAX &&
	     twice <= queue.waiting + turn->count;
	     twice *= 2)
		while (turn->count < twice) {
			struct turn *rider = dequeue();

			rider->place = RIDES;
			turn->batch[turn->count++] = rider;
		}
	queue.statements++;
	queue.steps += turn->count;
}

/* Returns who is to lead the next one, or NULL. */
static struct turn *
end(struct turn *turn, enum place place)
{
	struct turn *next;

	queue.statements--;
	queue.steps -= turn->count;
	for (size_t i = 0; i < turn->count; i++)
		turn->batch[i]->place = place;
	if (queue.first == NULL || !may_begin(queue.waiting))
		return NULL;
	next = dequeue();
	begin(next);
	return next;
}

/* Returns whether it left; false where somebody has taken it out before. */
static bool
leave(struct turn *turn)
{
	bool waits;

	pthread_mutex_lock(&queue.mutex);
	waits = turn->place == WAITS;
	if (waits) {
		leave_queue(turn);
		turn->place = ALONE;
	}
	pthread_mutex_unlock(&queue.mutex);
	return waits;
}

/* Until somebody has done it, or this one is to do it. */
static void
await(struct turn *turn)
{
	if (cond_sem_wait(&turn->told, clock_mono_ms() + PATIENCE_MS) ||
	    leave(turn))
		return;
	/* Not to be left: what bounds the leader's statement bounds this. */
	while (sem_wait(&turn->told) != 0)
		continue;
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
	for (size_t i = 0; i < count && rc == 1; i++)
		batch[i]->rc = rotations[i].rc;
	db_release(db, &conn);
	return place;
}

/*
 * Whoever is told goes on without the mutex, and may be gone when the next one
 * is told.
 */
static void
lead(struct turn *turn)
{
	const enum place place =
	    step_together(turn->context, turn->batch, turn->count);
	struct turn *next;

	pthread_mutex_lock(&queue.mutex);
	next = end(turn, place);
	pthread_mutex_unlock(&queue.mutex);
	if (next != NULL)
		sem_post(&next->told);
	for (size_t i = 0; i < turn->count; i++)
		if (turn->batch[i] != turn)
			sem_post(&turn->batch[i]->told);
}

static void
take_turn(struct turn *turn)
{
	bool must_wait;

	pthread_mutex_lock(&queue.mutex);
	must_wait = !may_begin(queue.waiting + 1);
	if (must_wait)
		enqueue(turn);
	else
		begin(turn);
	pthread_mutex_unlock(&queue.mutex);
	if (must_wait)
		await(turn);
	if (turn->place == LEADS)
		lead(turn);
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

int
rotations_step(struct context *context, const struct session_step *step,
    struct session_state *state_r)
{
	struct turn turn = {
		.context = context,
		.rotation = { step, context->arena, state_r, -1 },
		.rc = -1,
		.place = WAITS,
	};

	sem_init(&turn.told, 0, 0);
	take_turn(&turn);
	sem_destroy(&turn.told);
	return turn.place == ALONE ? step_alone(&turn) : turn.rc;
}
