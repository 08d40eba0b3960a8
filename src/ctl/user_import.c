/* latchkeyctl user import: users of another system, from a file. */
#include "auth/import.h"
#include "base/clock.h"
#include "ctl/ctl.h"
#include "ctl/import_rows.h"
#include "ctl/user.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <unistd.h>

enum {
	/*
	 * 500 of the longest users take 25 MiB on their way into the database,
	 * and a conflict sends them again, at most three times in all.
	 */
	ARENA_MAX = 128 * 1024 * 1024,
	/* Rows that are refused take memory too. */
	ARENA_FULL = 4 * 1024 * 1024,
	DEADLINE_MS = 60000,
};

enum import_option {
	IMPORT_CSV,
	IMPORT_JSONL,
	IMPORT_DRY_RUN,
	IMPORT_ON_CONFLICT,
};

const struct ctl_option ctl_user_import_options[] = {
	[IMPORT_CSV] = { "--csv", "FILE",
	    "Comma-separated values, column names first; -: standard input" },
	[IMPORT_JSONL] = { "--jsonl", "FILE",
	    "One JSON object a line; -: standard input" },
	[IMPORT_DRY_RUN] = { "--dry-run", NULL,
	    "Say what would happen and write nothing" },
	[IMPORT_ON_CONFLICT] = { "--on-conflict", "skip|fail",
	    "Pass over (usual) or refuse whoever has an account already" },
	{ .name = NULL },
};

struct wish {
	enum rows_form form;
	const char *file;
	bool is_dry_run;
	bool fails_on_conflict;
};

/* One run. */
struct work {
	struct ctl *ctl;
	struct wish wish;
	struct ctl_session session;
	/* Of the batch under way, wiped after each. */
	struct arena *arena;
	struct import_batch batch;
	struct rows rows;
	/* Read since the last batch was written. */
	size_t pending;
	int64_t read;
	int64_t imported;
	int64_t skipped;
	int64_t refused;
	/* Reading stopped before the end of the file. */
	bool is_cut_short;
};

/* Returns 1 or -1 (said). */
static int
take_option(struct wish *wish, enum import_option option, const char *value)
{
	switch (option) {
	case IMPORT_CSV:
	case IMPORT_JSONL:
		if (wish->form != ROWS_NONE) {
			(void)ctl_misuse("give one file");
			return -1;
		}
		wish->form = option == IMPORT_CSV ? ROWS_CSV : ROWS_JSONL;
		wish->file = value;
		break;
	case IMPORT_DRY_RUN:
		wish->is_dry_run = true;
		break;
	case IMPORT_ON_CONFLICT:
		wish->fails_on_conflict = strcmp(value, "fail") == 0;
		if (!wish->fails_on_conflict && strcmp(value, "skip") != 0) {
			(void)ctl_misuse("--on-conflict is skip or fail");
			return -1;
		}
		break;
	}
	return 1;
}

static int
read_options(struct ctl *ctl, struct wish *wish)
{
	const char *value = "";
	int option;

	while ((option = ctl_next(ctl, &value)) >= 0)
		if (take_option(wish, (enum import_option)option, value) < 0)
			return -1;
	if (option != CTL_END)
		return -1;
	if (wish->form != ROWS_NONE)
		return 1;
	(void)ctl_misuse("which file? give --csv FILE or --jsonl FILE");
	return -1;
}

/* On a terminal, in place, so that it leaves no trace. */
static void
show_progress(const struct work *work)
{
	if (isatty(STDERR_FILENO))
		fprintf(stderr, "\r%" PRId64 " rows", work->read);
}

static void
clear_progress(void)
{
	if (isatty(STDERR_FILENO))
		fputs("\r                          \r", stderr);
}

/* Never the value: it may be a hash, or tell who a person is. */
static void
tell_refusal(struct work *work, int64_t line, struct import_refusal refusal)
{
	work->refused++;
	clear_progress();
	(void)ctl_fail("line %" PRId64 ": %s %s", line, refusal.what,
	    refusal.reason);
}

static void
count_outcome(struct work *work, const struct import_user *user)
{
	static const struct import_refusal has_account = { "email",
		"has an account already" };

	switch (user->outcome) {
	case IMPORT_ADDED:
		work->imported++;
		break;
	case IMPORT_KNOWN:
		if (work->wish.fails_on_conflict)
			tell_refusal(work, user->line, has_account);
		else
			work->skipped++;
		break;
	case IMPORT_REFUSED:
		tell_refusal(work, user->line, user->refusal);
		break;
	}
}

/* Each batch is a request of its own to the rules. */
static void
begin_batch(struct work *work)
{
	struct context *context = &work->session.context;

	arena_reset(work->arena);
	context->arena = work->arena;
	context->now = clock_read();
	context->deadline_ms = context->now.mono_ms + DEADLINE_MS;
	work->batch.count = 0;
	work->pending = 0;
}

static int
write_batch(struct work *work)
{
	const struct import_batch *batch = &work->batch;

	if (import_write(&work->batch) != API_OK) {
		clear_progress();
		(void)ctl_fail(
		    "the rows from line %" PRId64
		    " on were not written: the database does not answer; "
		    "import the file again, and what is in is skipped",
		    batch->users[0].line);
		return -1;
	}
	for (size_t i = 0; i < batch->count; i++)
		count_outcome(work, &batch->users[i]);
	begin_batch(work);
	show_progress(work);
	return 1;
}

static bool
is_batch_full(const struct work *work)
{
	return work->pending == IMPORT_BATCH ||
	    arena_used(work->arena) > ARENA_FULL;
}

static void
tell_cut(struct work *work, struct import_refusal refusal)
{
	tell_refusal(work, work->rows.line, refusal);
	work->is_cut_short = true;
	(void)ctl_fail("nothing from line %" PRId64
	               " on was read: it can't be told where rows begin there",
	    work->rows.line);
}

/* Returns 1, 0 where there are no more rows, -1 (said). */
static int
take_row(struct work *work)
{
	struct import_refusal refusal;
	struct import_row row;
	bool is_over;
	int rc = rows_next(&work->rows, work->arena, &row, &refusal, &is_over);

	if (rc == 0)
		return 0;
	work->pending++;
	work->read++;
	if (is_over) {
		tell_cut(work, refusal);
		return 0;
	}
	if (rc == 1)
		rc = import_add(&work->batch, work->rows.line, &row, &refusal);
	else
		rc = 0;
	if (rc == 0)
		tell_refusal(work, work->rows.line, refusal);
	if (rc < 0)
		(void)ctl_fail("out of memory");
	return rc < 0 ? -1 : 1;
}

/* Returns CTL_OK or an exit code (said). */
static int
import_rows(struct work *work)
{
	int rc;

	begin_batch(work);
	while ((rc = take_row(work)) == 1)
		if (is_batch_full(work) && write_batch(work) < 0)
			return CTL_UNAVAILABLE;
	if (rc < 0)
		return CTL_FAILED;
	if (write_batch(work) < 0)
		return CTL_UNAVAILABLE;
	clear_progress();
	if (work->rows.input.error == 0)
		return CTL_OK;
	work->is_cut_short = true;
	return ctl_fail("%s can't be read to its end: %s", work->wish.file,
	    strerror(work->rows.input.error));
}

static int
report_json(struct work *work)
{
	struct buf buf = BUF_IN(work->ctl->arena);
	struct jsonw w = JSONW_INTO(&buf);

	jsonw_object(&w, NULL);
	jsonw_int(&w, "imported", work->imported);
	jsonw_int(&w, "skipped", work->skipped);
	jsonw_int(&w, "refused", work->refused);
	jsonw_bool(&w, "dryRun", work->wish.is_dry_run);
	jsonw_bool(&w, "complete", !work->is_cut_short);
	jsonw_object_end(&w);
	buf_add_byte(&buf, '\n');
	return ctl_print(&buf);
}

static int
report(struct work *work)
{
	if (work->ctl->is_json)
		return report_json(work);
	printf("%" PRId64 " imported, %" PRId64 " skipped, %" PRId64
	       " refused%s\n",
	    work->imported, work->skipped, work->refused,
	    work->wish.is_dry_run ? " (dry run: nothing was written)" : "");
	return CTL_OK;
}

static int
run_open(struct work *work, int fd)
{
	const struct app_need *const needs[] = { NULL };
	struct why why;
	int rc;

	if (rows_begin(&work->rows, work->wish.form, fd, &why) < 0)
		return ctl_fail("%s", why.text);
	if (ctl_open(work->ctl, needs, &work->session) != CTL_OK)
		return CTL_FAILED;
	work->batch.context = &work->session.context;
	work->batch.began_ms = work->session.context.now.unix_ms;
	work->batch.is_dry_run = work->wish.is_dry_run;
	rc = import_rows(work);
	work->is_cut_short = work->is_cut_short || rc != CTL_OK;
	if (report(work) != CTL_OK && rc == CTL_OK)
		rc = CTL_FAILED;
	ctl_close(&work->session);
	return rc == CTL_OK && work->refused > 0 ? CTL_FAILED : rc;
}

static int
open_file(const char *file)
{
	int fd;

	if (strcmp(file, "-") == 0)
		return STDIN_FILENO;
	fd = open(file, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		(void)ctl_fail(
		    "%s can't be opened: %s; who owns STATE must be able to "
		    "read it, or give - and pipe it in",
		    file, strerror(errno));
	return fd;
}

int
ctl_user_import(struct ctl *ctl)
{
	struct work *work;
	struct wish wish = { .form = ROWS_NONE };
	int rc = CTL_FAILED;
	int fd;

	if (read_options(ctl, &wish) < 0)
		return CTL_USAGE;
	fd = open_file(wish.file);
	if (fd < 0)
		return CTL_FAILED;
	work = calloc(1, sizeof *work);
	if (work != NULL)
		work->arena = arena_new(ARENA_MAX);
	if (work == NULL || work->arena == NULL) {
		free(work);
		return ctl_fail("out of memory");
	}
	work->ctl = ctl;
	work->wish = wish;
	rc = run_open(work, fd);
	rows_end(&work->rows);
	arena_free(&work->arena);
	free(work);
	return rc;
}
