/* Whether the service can work. */
#include "auth/health.h"

#include "base/log.h"
#include "model/schema.h"

#include <inttypes.h>

int
health_is_ready(struct context *context)
{
	struct db *db = context->app->db;
	struct db_conn *conn = db_acquire(db, context->deadline_ms);
	const int64_t wanted = schema_version_wanted();
	int64_t version = 0;
	int rc;

	if (conn == NULL)
		return -1;
	rc = schema_version_read(conn, context->arena, &version);
	db_release(db, &conn);
	if (rc == 1 && version != wanted) {
		log_error("health",
		    "the schema has version %" PRId64
		    ", this build wants %" PRId64,
		    version, wanted);
		rc = 0;
	}
	return rc;
}
