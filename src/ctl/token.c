/* latchkeyctl token inspect: what a token says, and whether it would pass. */
#include "auth/token.h"
#include "auth/introspect.h"
#include "auth/keyring.h"
#include "base/b64.h"
#include "ctl/ctl.h"
#include "ctl/table.h"
#include "wrap/json.h"

#include <unistd.h>

enum { LINE_SIZE = 2 * LIMIT_TOKEN };

/* A token taken apart, whether or not it is genuine. */
struct inspection {
	struct str token;
	bool is_access;
	/* JSON texts; absent for refresh tokens and for what is no JSON. */
	struct str header;
	struct str claims;
	/* "good", or why not; for refresh tokens the answer below says it. */
	const char *verdict;
	/* What /oauth/introspect would answer, and whether it says active. */
	struct str answer;
	bool is_active;
};

/* A token is a secret: never an argument, which others may see. */
static int
read_token(struct ctl *ctl, struct str *token_r)
{
	char *line = arena_alloc(ctl->arena, LINE_SIZE);

	setvbuf(stdin, NULL, _IONBF, 0);
	if (isatty(STDIN_FILENO))
		fputs("Token: ", stderr);
	if (line == NULL || fgets(line, LINE_SIZE, stdin) == NULL) {
		(void)ctl_fail("standard input holds no token");
		return -1;
	}
	*token_r = str_from(line);
	while (token_r->len > 0 &&
	    (unsigned char)token_r->ptr[token_r->len - 1] <= ' ')
		token_r->len--;
	return 1;
}

/* A segment as JSON; absent where it is none. */
static struct str
decode(struct arena *arena, struct str segment)
{
	unsigned char *bytes = arena_alloc(arena, segment.len + 1);
	struct json *json = NULL;
	struct str text = { (const char *)bytes, 0 };

	if (bytes == NULL || b64_decode(segment, bytes, &text.len) != 1 ||
	    json_parse_object(text, &json) != 1)
		return STR_NONE;
	json_free(&json);
	return text;
}

static void
take_apart(struct ctl *ctl, struct inspection *inspection)
{
	struct str rest = inspection->token;
	struct str segment;

	inspection->is_access = str_has_byte(rest, '.');
	if (!inspection->is_access)
		return;
	(void)str_cut(&rest, '.', &segment);
	inspection->header = decode(ctl->arena, segment);
	(void)str_cut(&rest, '.', &segment);
	inspection->claims = decode(ctl->arena, segment);
}

static void
judge(struct context *context, struct inspection *inspection)
{
	struct identity identity;
	const char *reason = "";

	switch (token_verify(context, inspection->token, &identity, &reason)) {
	case TOKEN_GOOD:
		inspection->verdict = "genuine and in time";
		break;
	case TOKEN_EXPIRED:
		inspection->verdict = "genuine, but expired";
		break;
	case TOKEN_UNKNOWN:
	case TOKEN_BAD:
		inspection->verdict = reason;
		break;
	}
}

static enum api_error
ask(struct context *context, struct inspection *inspection)
{
	const struct secret token = {
		(const unsigned char *)inspection->token.ptr,
		inspection->token.len,
	};
	struct buf text = BUF_IN(context->arena);
	struct jsonw w = JSONW_INTO(&text);
	const enum api_error error = introspect(context, token, &w);

	if (error != API_OK || buf_str(&text, &inspection->answer) < 0)
		return API_UNAVAILABLE;
	inspection->is_active =
	    str_starts(inspection->answer, STR("{\"active\":true"));
	return API_OK;
}

static const char *
kind_of(const struct inspection *inspection)
{
	if (inspection->is_access)
		return "access";
	return str_starts(inspection->token, STR("lkr_")) ? "refresh"
	                                                  : "unknown";
}

static struct str
json_or_null(struct str text)
{
	return text.ptr == NULL ? STR("null") : text;
}

static int
print_for_scripts(struct ctl *ctl, const struct inspection *inspection)
{
	struct buf text = BUF_IN(ctl->arena);
	struct jsonw w = JSONW_INTO(&text);

	jsonw_object(&w, NULL);
	jsonw_str(&w, "kind", str_from(kind_of(inspection)));
	jsonw_str(&w, "verdict", str_from(inspection->verdict));
	buf_add(&text, STR(",\"header\":"));
	buf_add(&text, json_or_null(inspection->header));
	buf_add(&text, STR(",\"claims\":"));
	buf_add(&text, json_or_null(inspection->claims));
	buf_add(&text, STR(",\"introspection\":"));
	buf_add(&text, inspection->answer);
	jsonw_object_end(&w);
	buf_add_byte(&text, '\n');
	return ctl_print(&text);
}

static int
print_for_people(struct ctl *ctl, const struct inspection *inspection)
{
	struct table table;

	table_pairs(&table, ctl->arena);
	table_text(&table, STR("kind"));
	table_text(&table,
	    inspection->is_access ? STR("access token") : STR("refresh token"));
	if (inspection->is_access) {
		table_text(&table, STR("header"));
		table_text(&table, inspection->header);
		table_text(&table, STR("claims"));
		table_text(&table, inspection->claims);
		table_text(&table, STR("verdict"));
		table_text(&table, str_from(inspection->verdict));
	}
	table_text(&table, STR("accepted now"));
	table_text(&table, inspection->is_active ? STR("yes") : STR("no"));
	return table_print(&table);
}

static int
inspect(struct ctl *ctl, struct ctl_session *session,
    struct inspection *inspection)
{
	struct context *context = &session->context;
	int code;

	take_apart(ctl, inspection);
	if (inspection->is_access)
		judge(context, inspection);
	code = ctl_answer(context, ask(context, inspection), "token");
	if (code != CTL_OK)
		return code;
	code = ctl->is_json ? print_for_scripts(ctl, inspection)
	                    : print_for_people(ctl, inspection);
	if (code != CTL_OK)
		return code;
	return inspection->is_active ? CTL_OK : CTL_REFUSED;
}

static int
run_inspect(struct ctl *ctl)
{
	const struct app_need *const needs[] = { &need_refresh_keys, NULL };
	struct inspection inspection = { .verdict = NULL };
	struct ctl_session session;
	int code;

	if (read_token(ctl, &inspection.token) < 0 ||
	    ctl_open(ctl, needs, &session) != CTL_OK)
		return CTL_FAILED;
	session.context.keys =
	    keyring_acquire(session.app->keyring, &session.context.now);
	code = inspect(ctl, &session, &inspection);
	keys_unref(&session.context.keys);
	ctl_close(&session);
	return code;
}

const struct ctl_command ctl_token_commands[] = {
	{ "token", "inspect", NULL,
	    "Say what the token on standard input is, and whether it passes",
	    NULL, true, run_inspect },
	{ .noun = NULL },
};
