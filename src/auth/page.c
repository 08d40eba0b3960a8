/* One page of a list. */
#include "auth/page.h"

#include <assert.h>

enum api_error
page_refuse_cursor(struct page *page)
{
	issues_add(page->context->issues, "cursor", "cursor_invalid",
	    "This is no nextCursor of this list");
	return API_VALIDATION_FAILED;
}

enum api_error
page_begin(struct page *page, const struct page_wish *wish, size_t least,
    size_t most)
{
	struct context *context = page->context;
	int rc = 1;

	page->most =
	    (wish->limit.is_set ? wish->limit.value : LIMIT_PAGE_USUAL) + 1;
	page->after = STR_NONE;
	page->count = 0;
	page->has_more = false;
	page->last_len = 0;
	if (wish->cursor.ptr != NULL)
		rc = cursor_read(context->arena, page->kind, wish->cursor,
		    least, &page->after);
	if (rc == 1 && page->after.len <= most)
		return API_OK;
	return rc < 0 ? API_UNAVAILABLE : page_refuse_cursor(page);
}

void
page_open(struct page *page, const char *name)
{
	jsonw_object(page->w, NULL);
	jsonw_array(page->w, name);
}

bool
page_takes(struct page *page, struct str key)
{
	assert(key.len <= sizeof page->last);
	page->has_more = page->count + 1 >= page->most ||
	    page->w->buf->len >= LIMIT_PAGE_BYTES;
	if (page->has_more)
		return false;
	page->count++;
	memcpy(page->last, key.ptr, key.len);
	page->last_len = key.len;
	return true;
}

enum api_error
page_end(struct page *page)
{
	const struct str last = { page->last, page->last_len };
	struct str cursor = STR_NONE;

	if (page->has_more &&
	    cursor_write(page->context->arena, page->kind, last, &cursor) < 0)
		return API_UNAVAILABLE;
	jsonw_array_end(page->w);
	jsonw_str(page->w, "nextCursor", cursor);
	jsonw_object_end(page->w);
	return API_OK;
}
