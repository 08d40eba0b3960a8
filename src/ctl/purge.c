/* latchkeyctl purge: remove what is dead. */
#include "auth/housekeeping.h"
#include "ctl/ctl.h"

#include <inttypes.h>
#include <unistd.h>

static void
tell(const struct purged *so_far)
{
	if (isatty(STDERR_FILENO))
		fprintf(stderr,
		    "\r%" PRId64 " sessions, %" PRId64 " revocations, %" PRId64
		    " audit rows",
		    so_far->sessions, so_far->revocations, so_far->audit_rows);
}

static int
report(struct ctl *ctl, const struct purged *purged)
{
	struct buf buf = BUF_IN(ctl->arena);
	struct jsonw w = JSONW_INTO(&buf);

	if (!ctl->is_json) {
		printf("removed %" PRId64 " sessions, %" PRId64
		       " revocations and %" PRId64 " audit rows\n",
		    purged->sessions, purged->revocations, purged->audit_rows);
		return CTL_OK;
	}
	jsonw_object(&w, NULL);
	jsonw_int(&w, "sessions", purged->sessions);
	jsonw_int(&w, "revocations", purged->revocations);
	jsonw_int(&w, "auditRows", purged->audit_rows);
	jsonw_object_end(&w);
	buf_add_byte(&buf, '\n');
	return ctl_print(&buf);
}

static int
run(struct ctl *ctl)
{
	const struct app_need *const needs[] = { NULL };
	struct ctl_session session;
	struct purged purged;
	int rc;

	if (ctl_open(ctl, needs, &session) != CTL_OK)
		return CTL_FAILED;
	rc = housekeeping_all(&session.context, tell, &purged);
	ctl_close(&session);
	if (isatty(STDERR_FILENO))
		fputc('\n', stderr);
	if (rc == 0)
		return ctl_fail("another purge is running; try again later");
	if (rc < 0)
		return ctl_answer(&session.context, API_UNAVAILABLE, "");
	return report(ctl, &purged);
}

const struct ctl_command ctl_purge_commands[] = {
	{ "purge", NULL, NULL,
	    "Remove dead sessions and revocations, and old audit rows", NULL,
	    true, run },
	{ .noun = NULL },
};
