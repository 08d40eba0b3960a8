/* latchkeyctl client add|list|delete. */
#include "auth/client.h"
#include "base/clock.h"
#include "base/jsonw.h"
#include "ctl/ctl.h"

/* One command's work with an open app; returns an exit code. */
struct job {
	struct ctl *ctl;
	struct context *context;
	/* Id or name, where the command takes one. */
	const char *who;
	bool as_json;
};

static int
run(struct job *job, int (*work)(struct job *job))
{
	const struct app_need *const needs[] = { NULL };
	struct issues issues = { .count = 0 };
	struct context context;
	struct app *app;
	struct why why;
	int rc;

	if (app_open(job->ctl->config, needs, &app, &why) < 0)
		return ctl_fail("%s", why.text);
	ctl_context(job->ctl, app, &issues, &context);
	job->context = &context;
	rc = work(job);
	app_close(&app);
	return rc;
}

/* Names come first, options after them.  Returns 1, or -1 (said). */
static int
read_who(struct job *job, const char *question)
{
	struct ctl *ctl = job->ctl;

	if (ctl->argc == 0 || ctl->argv[0][0] == '-') {
		(void)ctl_misuse("%s", question);
		return -1;
	}
	job->who = ctl->argv[0];
	ctl->argc--;
	ctl->argv++;
	return 1;
}

static int
read_options(struct job *job)
{
	static const char *const names[] = { "--json", NULL };
	const char *value;
	int option;

	while ((option = ctl_option(job->ctl, names, &value)) >= 0)
		job->as_json = true;
	return option == -1 ? 1 : -1;
}

/* Standard output is where a secret goes, and nowhere else. */
static int
print(const struct buf *text)
{
	struct str line;

	if (buf_str(text, &line) < 0)
		return ctl_fail("out of memory");
	if (fwrite(line.ptr, 1, line.len, stdout) != line.len ||
	    fflush(stdout) != 0)
		return ctl_fail("standard output can't be written");
	return CTL_OK;
}

static int
print_made(const struct job *job, const struct client_made *made)
{
	const struct str secret = { (const char *)made->secret.ptr,
		made->secret.len };
	struct buf text = BUF_IN(job->context->arena);
	struct jsonw w = JSONW_INTO(&text);
	char id[UUID_TEXT_LEN + 1];

	uuid_format(&made->id, id);
	if (!job->as_json) {
		buf_printf(&text, "id      %s\nsecret  %.*s\n", id,
		    STR_ARG(secret));
		return print(&text);
	}
	jsonw_object(&w, NULL);
	jsonw_str(&w, "id", str_from(id));
	jsonw_str(&w, "name", str_from(job->who));
	jsonw_str(&w, "secret", secret);
	jsonw_object_end(&w);
	buf_add_byte(&text, '\n');
	return print(&text);
}

static int
add(struct job *job)
{
	struct client_made made;
	const enum api_error error =
	    client_make(job->context, str_from(job->who), &made);

	if (error == API_OK)
		return print_made(job, &made);
	if (error == API_VALIDATION_FAILED)
		return ctl_fail("%s: %s", job->who,
		    job->context->issues->list[0].message);
	return ctl_fail("the database does not answer");
}

int
ctl_client_add(struct ctl *ctl)
{
	struct job job = { .ctl = ctl };

	if (read_who(&job,
	        "which client? give it a name, as in client add shop") < 0 ||
	    read_options(&job) < 0)
		return CTL_USAGE;
	return run(&job, add);
}

struct table {
	bool as_json;
	struct client_row row;
	struct buf text;
	struct jsonw w;
};

static void
write_json(struct jsonw *w, const struct client_row *row)
{
	jsonw_object(w, NULL);
	jsonw_uuid(w, "id", &row->id);
	jsonw_str(w, "name", row->name);
	jsonw_time(w, "createdAt", row->created_ms / 1000);
	if (row->last_used_ms.is_set)
		jsonw_time(w, "lastUsedAt", row->last_used_ms.value / 1000);
	else
		jsonw_null(w, "lastUsedAt");
	jsonw_object_end(w);
}

static int
write_row(void *table_v)
{
	struct table *table = table_v;
	const struct client_row *row = &table->row;
	char id[UUID_TEXT_LEN + 1];
	char created[CLOCK_TEXT_SIZE];
	char used[CLOCK_TEXT_SIZE] = "never";

	if (table->as_json) {
		write_json(&table->w, row);
		return 1;
	}
	uuid_format(&row->id, id);
	clock_format(row->created_ms / 1000, created);
	if (row->last_used_ms.is_set)
		clock_format(row->last_used_ms.value / 1000, used);
	buf_printf(&table->text, "%s %-20s %-20s %.*s\n", id, created, used,
	    STR_ARG(row->name));
	return 1;
}

static int
list(struct job *job)
{
	struct table table = {
		.as_json = job->as_json,
		.text = BUF_IN(job->context->arena),
	};
	const struct client_listing listing = {
		.row = &table.row,
		.each = write_row,
		.context = &table,
	};

	table.w = JSONW_INTO(&table.text);
	if (job->as_json)
		jsonw_array(&table.w, NULL);
	else
		buf_printf(&table.text, "%-36s %-20s %-20s %s\n", "ID",
		    "CREATED", "LAST USED", "NAME");
	if (client_tell(job->context, &listing) != API_OK)
		return ctl_fail("the database does not answer");
	if (job->as_json) {
		jsonw_array_end(&table.w);
		buf_add_byte(&table.text, '\n');
	}
	return print(&table.text);
}

int
ctl_client_list(struct ctl *ctl)
{
	struct job job = { .ctl = ctl };

	return read_options(&job) < 0 ? CTL_USAGE : run(&job, list);
}

static int
forget(struct job *job)
{
	const enum api_error error =
	    client_forget(job->context, str_from(job->who));

	if (error == API_OK)
		return CTL_OK;
	if (error == API_NOT_FOUND)
		return ctl_fail(
		    "there is no client %s; see latchkeyctl client list",
		    job->who);
	return ctl_fail("the database does not answer");
}

int
ctl_client_delete(struct ctl *ctl)
{
	struct job job = { .ctl = ctl };

	if (read_who(&job,
	        "which client? give an id or a name of client list") < 0)
		return CTL_USAGE;
	if (ctl->argc > 0)
		return ctl_misuse("one client at a time");
	return run(&job, forget);
}
