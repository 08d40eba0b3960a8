/* Programs that may ask about tokens. */
#include "auth/client.h"

#include "auth/audit.h"
#include "base/b64.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/rnd.h"
#include "base/utf8.h"
#include "wrap/digest.h"

enum { SECRET_SIZE = 32 };

/* Tells scanners for leaked secrets, and people, what they have found. */
static const struct str prefix = STR_INIT("lkc_");

/*
 * No slow hash: nobody guesses 256 random bits, so there is nothing to slow
 * down, and it would be paid at every request.
 */
static int
hash_secret(struct secret secret, unsigned char hash_r[CLIENT_HASH_SIZE])
{
	return digest_sha256((struct str){ (const char *)secret.ptr,
	                         secret.len },
	    hash_r);
}

static int
make_secret(struct arena *arena, struct secret *secret_r)
{
	struct buf text = BUF_IN(arena);
	unsigned char bytes[SECRET_SIZE];
	struct str made;

	if (rnd_bytes(bytes, sizeof bytes) < 0)
		return -1;
	buf_add(&text, prefix);
	b64_encode(&text, bytes, sizeof bytes);
	secret_wipe(bytes, sizeof bytes);
	if (buf_str(&text, &made) < 0)
		return -1;
	*secret_r =
	    (struct secret){ (const unsigned char *)made.ptr, made.len };
	return 1;
}

/* The trail keeps the name: the row may be gone when somebody reads it. */
static int
note(struct context *context, struct db_conn *conn, enum audit_event event,
    const struct client_row *row)
{
	struct audit_note written = { .event = event };
	struct buf detail = BUF_IN(context->arena);
	char id[UUID_TEXT_LEN + 1];

	uuid_format(&row->id, id);
	buf_printf(&detail, "%s %.*s", id, STR_ARG(row->name));
	if (buf_str(&detail, &written.detail) < 0)
		return -1;
	return audit_write(context, conn, &written);
}

struct making {
	struct context *context;
	struct client_row row;
	unsigned char hash[CLIENT_HASH_SIZE];
};

static int
make_in_transaction(struct db_conn *conn, void *making_v)
{
	const struct making *making = making_v;
	struct context *context = making->context;
	const int rc =
	    client_insert(conn, context->arena, &making->row, making->hash);

	return rc == 1 ? note(context, conn, AUDIT_CLIENT_ADDED, &making->row)
	               : rc;
}

enum api_error
client_make(struct context *context, struct str name,
    struct client_made *made_r)
{
	struct making making = { .context = context, .row.name = name };
	const int64_t points = utf8_count(name);
	struct client_made made;
	int rc;

	if (points < 1 || points > LIMIT_NAME || !utf8_is_plain(name)) {
		issues_add(context->issues, "name", "name_invalid",
		    "Use 1 to 100 characters, none of them hidden");
		return API_VALIDATION_FAILED;
	}
	if (uuid_new(context->now.unix_ms, &made.id) < 0 ||
	    make_secret(context->arena, &made.secret) < 0 ||
	    hash_secret(made.secret, making.hash) < 0)
		return API_UNAVAILABLE;
	making.row.id = made.id;
	rc = app_transaction(context, make_in_transaction, &making);
	if (rc < 0)
		return API_UNAVAILABLE;
	if (rc == 0) {
		issues_add(context->issues, "name", "taken",
		    "There is a client of this name; choose another");
		return API_VALIDATION_FAILED;
	}
	*made_r = made;
	return API_OK;
}

/* Returns 1, 0 or -1. */
static int
check_in(struct db_conn *conn, struct context *context, const struct uuid *id,
    struct secret secret)
{
	unsigned char stored[CLIENT_HASH_SIZE];
	unsigned char shown[CLIENT_HASH_SIZE];
	bool is_idle = false;
	const int rc =
	    client_find_secret(conn, context->arena, id, stored, &is_idle);

	if (rc != 1)
		return rc;
	if (hash_secret(secret, shown) < 0)
		return -1;
	if (!secret_equal((struct secret){ stored, sizeof stored },
	        (struct secret){ shown, sizeof shown }))
		return 0;
	/* Only for people: its loss must not fail the answer. */
	if (is_idle && client_note_use(conn, context->arena, id) < 0)
		log_warn("client", "its use is not written down");
	return 1;
}

static enum api_error
refuse(const struct context *context, const char *reason)
{
	log_info("client", "refused: %s, ip %.*s", reason,
	    STR_ARG(context->ip));
	return API_INVALID_CLIENT;
}

enum api_error
client_check(struct context *context, struct str id, struct secret secret)
{
	struct db *db = context->app->db;
	struct db_conn *conn;
	struct uuid uuid;
	int rc;

	if (uuid_parse(id, &uuid) != 1)
		return refuse(context, "no client id");
	conn = db_acquire(db, context->deadline_ms);
	if (conn == NULL)
		return API_UNAVAILABLE;
	rc = check_in(conn, context, &uuid, secret);
	db_release(db, &conn);
	if (rc < 0)
		return API_UNAVAILABLE;
	return rc == 1 ? API_OK : refuse(context, "unknown, or wrong secret");
}

struct forgetting {
	struct context *context;
	struct str id_or_name;
};

static int
forget_in_transaction(struct db_conn *conn, void *forgetting_v)
{
	const struct forgetting *forgetting = forgetting_v;
	struct context *context = forgetting->context;
	struct client_row row;
	struct uuid id;
	int rc = uuid_parse(forgetting->id_or_name, &id) == 1
	    ? client_find(conn, context->arena, &id, &row)
	    : client_find_by_name(conn, context->arena, forgetting->id_or_name,
	          &row);

	if (rc == 1)
		rc = client_delete(conn, context->arena, &row.id);
	return rc == 1 ? note(context, conn, AUDIT_CLIENT_DELETED, &row) : rc;
}

enum api_error
client_forget(struct context *context, struct str id_or_name)
{
	struct forgetting forgetting = { context, id_or_name };
	const int rc =
	    app_transaction(context, forget_in_transaction, &forgetting);

	if (rc < 0)
		return API_UNAVAILABLE;
	return rc == 1 ? API_OK : API_NOT_FOUND;
}

enum api_error
client_tell(struct context *context, const struct client_listing *listing)
{
	struct db *db = context->app->db;
	struct db_conn *conn = db_acquire(db, context->deadline_ms);
	int rc;

	if (conn == NULL)
		return API_UNAVAILABLE;
	rc = client_each(conn, context->arena, listing);
	db_release(db, &conn);
	return rc < 0 ? API_UNAVAILABLE : API_OK;
}
