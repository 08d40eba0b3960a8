/* A page of the audit trail. */
#include "auth/audit_read.h"
#include "base/clock.h"

enum { ID_DIGITS_MAX = sizeof "9223372036854775807" - 1 };

static int
write_row(const struct audit_record *record, void *page_v)
{
	struct page *page = page_v;
	struct buf key = BUF_IN(page->context->arena);
	struct str text;

	buf_add_int(&key, record->id);
	if (buf_str(&key, &text) < 0)
		return -1;
	if (!page_takes(page, text))
		return 0;
	audit_view(page->w, NULL, record);
	return 1;
}

/* Returns false where the cursor holds no id. */
static bool
read_cursor(const struct page *page, int64_t *before_id_r)
{
	*before_id_r = INT64_MAX;
	return page->after.ptr == NULL ||
	    str_to_int64(page->after, before_id_r) == 1;
}

enum api_error
audit_list(struct context *context, const struct audit_query *query,
    struct jsonw *w)
{
	struct page page = {
		.context = context,
		.w = w,
		.kind = CURSOR_AUDIT,
	};
	const struct audit_listing listing = { write_row, &page };
	struct audit_filter filter = { .event = query->event };
	struct uuid user_id;
	enum api_error error =
	    page_begin(&page, &query->page, 1, ID_DIGITS_MAX);

	if (error != API_OK)
		return error;
	if (!read_cursor(&page, &filter.before_id))
		return page_refuse_cursor(&page);
	if (query->user.ptr != NULL && uuid_parse(query->user, &user_id) == 1)
		filter.user_id = &user_id;
	if (query->since.ptr != NULL)
		(void)!clock_parse(query->since, &filter.since_ms);
	filter.most = page.most;
	page_open(&page, "events");
	error = audit_read(context, &filter, &listing);
	return error == API_OK ? page_end(&page) : error;
}
