/* What the gate adds to a live token: a role, and word of who asks. */
#include "web/guard_gate.h"

#include "auth/gate.h"
#include "base/log.h"
#include "base/name.h"

/* Names of the header lines that tell who asks. */
struct names {
	const char *subject;
	const char *session;
	const char *roles;
	const char *email;
};

enum api_error
guard_demand_role(const struct request *request, struct str asked)
{
	const struct str role = fcgi_param(request->exchange, "GATE_ROLE");

	/* Nobody has it; whoever wrote the line wants to know. */
	if (role.ptr != NULL && !name_is_role(role))
		log_error("gate",
		    "GATE_ROLE '%.*s' is no role; write it in capitals",
		    STR_ARG(role));
	if ((role.ptr != NULL && !gate_has_role(request->identity, role)) ||
	    (asked.ptr != NULL && !gate_has_role(request->identity, asked)))
		return API_FORBIDDEN;
	return API_OK;
}

/* A line end in a value would be another header of the web server's. */
static bool
is_safe(struct str text)
{
	for (size_t i = 0; i < text.len; i++)
		if (!ascii_is_alnum(text.ptr[i]) &&
		    !str_has_byte(STR("_.,@+-"), text.ptr[i]))
			return false;
	return text.len > 0;
}

static void
tell(const struct request *request, struct reply *reply,
    const struct names *names)
{
	const struct identity *identity = request->identity;
	char id[UUID_TEXT_LEN + 1];

	uuid_format(&identity->user_id, id);
	reply_header(reply, names->subject, id);
	uuid_format(&identity->session_id, id);
	reply_header(reply, names->session, id);
	if (identity->roles.len == 0 || is_safe(identity->roles))
		buf_printf(&reply->headers, "%s: %.*s\r\n", names->roles,
		    STR_ARG(identity->roles));
	if (is_safe(identity->email))
		buf_printf(&reply->headers, "%s: %.*s\r\n", names->email,
		    STR_ARG(identity->email));
}

void
guard_tell_application(const struct request *request, struct reply *reply)
{
	static const struct names names = {
		.subject = "Variable-AUTH_SUB",
		.session = "Variable-AUTH_SESSION",
		.roles = "Variable-AUTH_ROLES",
		.email = "Variable-AUTH_EMAIL",
	};
	char id[UUID_TEXT_LEN + 1];

	/* Unlike an address, an id is never somebody else's one day. */
	uuid_format(&request->identity->user_id, id);
	reply_header(reply, "Variable-REMOTE_USER", id);
	tell(request, reply, &names);
}

void
guard_tell_server(const struct request *request, struct reply *reply)
{
	static const struct names names = {
		.subject = "X-Auth-Subject",
		.session = "X-Auth-Session",
		.roles = "X-Auth-Roles",
		.email = "X-Auth-Email",
	};

	tell(request, reply, &names);
}
