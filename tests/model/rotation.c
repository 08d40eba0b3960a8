/*
 * Rotation, in every order: all that a few refreshes, a logout, a password
 * change, a crash and the end of the grace window can do to one session,
 * against the real rules and the real SQL.
 *
 * usage: rotation EMAIL [PART/PARTS]
 * STATE is a running private copy that nobody else uses, and EMAIL an account
 * in it.  With 1/2 every second order is played, and with 2/2 the others.
 */
#include "check.h"

#include "base/clock.h"
#include "base/log.h"

#include <unistd.h>

static const struct cast casts[] = {
	{ .name = "4 refreshes, a logout, a password change, an answer lost",
	    .refreshes = 4,
	    .has_logout = true,
	    .has_password = true,
	    .lost_answers = 1 },
	{ .name = "3 refreshes, a logout, a password change, a COMMIT lost",
	    .refreshes = 3,
	    .has_logout = true,
	    .has_password = true,
	    .lost_commits = 1 },
	{ .name = "4 refreshes, and grace ends",
	    .refreshes = 4,
	    .has_clock = true },
	{ .name = "3 refreshes, a logout, an answer lost, and grace ends",
	    .refreshes = 3,
	    .has_logout = true,
	    .has_clock = true,
	    .lost_answers = 1 },
	{ .name = "3 refreshes, and grace ends, our clock an hour fast",
	    .refreshes = 3,
	    .has_clock = true,
	    .ahead_s = 3600 },
	{ .name = "3 refreshes, and grace ends, our clock an hour slow",
	    .refreshes = 3,
	    .has_clock = true,
	    .ahead_s = -3600 },
};

struct play {
	struct drive *drive;
	/* How many there are, and which of them are played. */
	size_t orders;
	size_t part;
	size_t parts;
};

static const char *
name_of(int actor)
{
	static const char *const names[] = {
		[LOGOUT] = "logout",
		[PASSWORD] = "password change",
		[CLOCK] = "grace passes",
	};

	return actor < REFRESHES ? "refresh" : names[actor];
}

static void
print_order(const struct order *order, const char *broken)
{
	static const char *const deaths[] = {
		[DEATH_NONE] = "",
		[DEATH_BEFORE] = ", dies before COMMIT",
		[DEATH_AFTER] = ", dies afterwards",
	};

	printf("%s:\n", broken);
	for (size_t i = 0; i < order->count; i++) {
		const struct step *step = &order->steps[i];

		printf("  %zu. %s", i + 1, name_of(step->actor));
		if (step->actor < REFRESHES)
			printf(" %d", step->actor + 1);
		if (step->presented > 0)
			printf(" presents token %d", step->presented);
		puts(deaths[step->death]);
	}
}

static bool
visit(const struct order *order, void *play_v)
{
	struct play *play = play_v;
	struct outcome outcome;
	const char *broken = "an order that can't be played";

	if (play->orders++ % play->parts != play->part)
		return true;
	if (drive_run(play->drive, order, &outcome))
		broken = check(order, &outcome);
	if (broken == NULL)
		return true;
	print_order(order, broken);
	return false;
}

static int ahead_s;

/* Grace is the database's business: no clock of ours may change it. */
static struct clock_reading
read_wrong_clock(void)
{
	struct clock_reading now;

	clock_use(NULL);
	now = clock_read();
	clock_use(read_wrong_clock);
	now.unix_s += ahead_s;
	now.unix_ms += (int64_t)ahead_s * 1000;
	return now;
}

static bool
perform(struct play *play, const struct cast *cast)
{
	const struct visitor visitor = { visit, play };
	const int64_t began_ms = clock_mono_ms();

	play->orders = 0;
	ahead_s = cast->ahead_s;
	clock_use(ahead_s == 0 ? NULL : read_wrong_clock);
	if (!explore(cast, &visitor))
		return false;
	printf(
	    "%s: %zu interleavings, %zu but for steps that commute,"
	    " part %zu of %zu as promised, %.1f s\n",
	    cast->name, explore_count_all(cast), play->orders, play->part + 1,
	    play->parts, (double)(clock_mono_ms() - began_ms) / 1000);
	fflush(stdout);
	return true;
}

/* "2/3" */
static bool
read_part(const char *text, struct play *play)
{
	if (strlen(text) != 3 || text[1] != '/' || text[0] < '1' ||
	    text[2] < text[0] || text[2] > '9')
		return false;
	play->part = (size_t)(text[0] - '1');
	play->parts = (size_t)(text[2] - '0');
	return true;
}

int
main(int argc, char **argv)
{
	struct play play = { .parts = 1 };
	struct config *config;
	struct why why;
	bool is_good = true;

	if (argc < 2 || argc > 3 || (argc == 3 && !read_part(argv[2], &play))) {
		fputs("usage: rotation EMAIL [PART/PARTS]\n", stderr);
		return 2;
	}
	if (config_load(environ, &config, &why) < 0) {
		fprintf(stderr, "%s\n", why.text);
		return EXIT_FAILURE;
	}
	(void)!log_start("rotation", "", LOG_ERROR);
	play.drive = drive_open(config, argv[1]);
	for (size_t i = 0; i < ARRAY_LEN(casts) && is_good; i++)
		is_good = perform(&play, &casts[i]);
	drive_close(play.drive);
	config_free(&config);
	return is_good ? EXIT_SUCCESS : EXIT_FAILURE;
}
