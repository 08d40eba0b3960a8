/* What the command line does to keys and settings, in the audit trail. */
#include "ctl/note.h"

#include "base/file.h"

#include <errno.h>

static const char file_name[] = "noted.conf";

static int
write_note(struct context *context, const struct audit_note *note)
{
	struct db *db = context->app->db;
	struct db_conn *conn = db_acquire(db, context->deadline_ms);
	int rc;

	if (conn == NULL)
		return -1;
	rc = audit_write(context, conn, note);
	db_release(db, &conn);
	return rc;
}

void
note_done(struct ctl *ctl, enum audit_event event, struct str detail)
{
	const struct app_need *const needs[] = { NULL };
	const struct audit_note note = { .event = event, .detail = detail };
	struct ctl_session session;
	int rc;

	if (ctl_open(ctl, needs, &session) != CTL_OK)
		return;
	rc = write_note(&session.context, &note);
	ctl_close(&session);
	if (rc < 0)
		(void)ctl_fail(
		    "it is done, but the audit trail does not say so: "
		    "the database does not answer");
}

/* Returns 1 with what was noted last, 0 where nothing was, -1 with a line. */
static int
read_noted(struct ctl *ctl, const char *path, struct str *text_r)
{
	const char *reason = "";
	const int rc =
	    file_read(ctl->arena, path, FILE_PUBLIC, text_r, &reason);

	if (rc < 0)
		(void)ctl_fail("%s %s", path, reason);
	return rc;
}

/* Returns 1 with an event, 0 where nothing has changed, -1. */
static int
describe(struct ctl *ctl, const char *path, struct str now, struct str *names_r)
{
	struct buf names = BUF_IN(ctl->arena);
	struct str before;
	const int rc = read_noted(ctl, path, &before);

	if (rc < 0)
		return -1;
	if (rc == 0) {
		*names_r = STR("none was noted before");
		return 1;
	}
	config_changes(before, now, &names);
	if (buf_str(&names, names_r) < 0)
		return -1;
	return names_r->len > 0;
}

int
note_settings(struct ctl *ctl, struct db_conn *conn)
{
	const char *path =
	    file_path(ctl->arena, ctl->config->state_dir, file_name);
	struct context context = {
		.arena = ctl->arena,
		.ip = STR(""),
		.user_agent = STR("latchkeyctl"),
		.request_id = STR(""),
	};
	struct audit_note note = { .event = AUDIT_SETTINGS_CHANGED };
	struct buf buf = BUF_IN(ctl->arena);
	struct str now;
	int rc;

	config_write(ctl->config, &buf);
	if (path == NULL || buf_str(&buf, &now) < 0)
		return -1;
	rc = describe(ctl, path, now, &note.detail);
	if (rc != 1)
		return rc < 0 ? -1 : 1;
	if (audit_write(&context, conn, &note) < 0)
		return -1;
	/* Rather twice in the trail than never. */
	if (file_write(path, now, 0600) < 0) {
		(void)ctl_fail("%s can't be written: %s", path,
		    strerror(errno));
		return -1;
	}
	return 1;
}
