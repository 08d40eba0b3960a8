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

int
ctl_purge(struct ctl *ctl)
{
	const struct app_need *const needs[] = { NULL };
	struct issues issues = { .count = 0 };
	struct context context;
	struct purged purged;
	struct app *app;
	struct why why;
	int rc;

	if (app_open(ctl->config, needs, &app, &why) < 0)
		return ctl_fail("%s", why.text);
	ctl_context(ctl, app, &issues, &context);
	rc = housekeeping_all(&context, tell, &purged);
	app_close(&app);
	if (isatty(STDERR_FILENO))
		fputc('\n', stderr);
	if (rc == 0)
		return ctl_fail("another purge is running; try again later");
	if (rc < 0)
		return ctl_fail("the database does not answer");
	printf("removed %" PRId64 " sessions, %" PRId64
	       " revocations and %" PRId64 " audit rows\n",
	    purged.sessions, purged.revocations, purged.audit_rows);
	return CTL_OK;
}
