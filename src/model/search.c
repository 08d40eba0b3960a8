/* Rows of the tables user_search and user_term: what users are found by. */
#include "model/search.h"

#include "base/buf.h"
#include "base/jsonw.h"
#include "base/words.h"

enum { TEXTS_MAX = 3, HEX_DIGITS = 16 };

/* No byte of UTF-8, so that no search text reaches across it. */
#define BETWEEN "\xff"

/* E-mail, user name and full name, lower-cased; some may be empty. */
struct texts_of {
	struct str list[TEXTS_MAX];
};

static int
full_name(struct arena *arena, const struct user *user, struct str *name_r)
{
	struct buf name = BUF_IN(arena);

	buf_add(&name, user->first_name);
	if (user->first_name.len > 0 && user->last_name.len > 0)
		buf_add_byte(&name, ' ');
	buf_add(&name, user->last_name);
	return buf_str(&name, name_r);
}

static int
read_texts(struct arena *arena, const struct user *user,
    struct texts_of *texts_r)
{
	struct str plain[TEXTS_MAX] = { user->email, user->username };

	if (full_name(arena, user, &plain[2]) < 0)
		return -1;
	for (size_t i = 0; i < TEXTS_MAX; i++) {
		texts_r->list[i] = str_lower(arena, plain[i]);
		if (texts_r->list[i].ptr == NULL)
			return -1;
	}
	return 1;
}

static void
add_term(struct jsonw *w, struct arena *arena, struct str term)
{
	static const char digits[HEX_DIGITS] = "0123456789abcdef";
	struct buf hex = BUF_IN(arena);
	struct str text = STR_NONE;

	for (size_t i = 0; i < term.len && i < LIMIT_TERM; i++) {
		const unsigned char byte = (unsigned char)term.ptr[i];

		buf_add_byte(&hex, digits[byte / HEX_DIGITS]);
		buf_add_byte(&hex, digits[byte % HEX_DIGITS]);
	}
	if (buf_str(&hex, &text) < 0)
		w->buf->is_failed = true;
	jsonw_str(w, NULL, text);
}

/*
 * The terms as an array of hexadecimal texts: one statement inserts them all,
 * however many.  The texts themselves come first, in case there are more
 * words than are kept.
 */
static int
write_terms(struct arena *arena, const struct texts_of *texts,
    struct str *json_r)
{
	struct buf json = BUF_IN(arena);
	struct jsonw w = JSONW_INTO(&json);
	struct words words[TEXTS_MAX];
	struct str term;
	size_t count = 0;

	jsonw_array(&w, NULL);
	for (size_t i = 0; i < TEXTS_MAX; i++) {
		words[i] = WORDS_OF(texts->list[i]);
		if (words_next(&words[i], &term) == 1)
			add_term(&w, arena, term);
	}
	for (size_t i = 0; i < TEXTS_MAX; i++)
		while (count < LIMIT_TERMS && words_next(&words[i], &term)) {
			add_term(&w, arena, term);
			count++;
		}
	jsonw_array_end(&w);
	return buf_str(&json, json_r);
}

static int
all_texts(struct arena *arena, const struct texts_of *texts, struct str *all_r)
{
	struct buf all = BUF_IN(arena);

	for (size_t i = 0; i < TEXTS_MAX; i++) {
		if (i > 0)
			buf_add(&all, STR(BETWEEN));
		buf_add(&all, texts->list[i]);
	}
	return buf_str(&all, all_r);
}

DB_STATEMENT(search_terms,
    "INSERT INTO user_term (user_id, term) SELECT DISTINCT ?, UNHEX(t.term)"
    " FROM JSON_TABLE(?, '$[*]' COLUMNS (term VARCHAR(508) CHARACTER SET ascii"
    " PATH '$')) AS t");

/* put: writes the texts together, or writes them anew. */
static int
write_user(struct db_conn *conn, const struct db_stmt *put, struct arena *arena,
    const struct user *user)
{
	struct texts_of texts;
	struct str all;
	struct str terms;
	int64_t affected;

	if (read_texts(arena, user, &texts) < 0 ||
	    all_texts(arena, &texts, &all) < 0 ||
	    write_terms(arena, &texts, &terms) < 0)
		return -1;
	const struct db_in put_in[] = {
		DB_BYTES(all.ptr, all.len),
		DB_UUID(&user->id),
	};
	const struct db_in terms_in[] = { DB_UUID(&user->id), DB_TEXT(terms) };

	if (db_exec(conn, DB_EXEC(*put, arena, put_in), &affected) < 0)
		return -1;
	return db_exec(conn, DB_EXEC(search_terms, arena, terms_in), &affected);
}

DB_STATEMENT(search_new,
    "INSERT INTO user_search (text, user_id) VALUES (?, ?)");

int
search_add(struct db_conn *conn, struct arena *arena, const struct user *user)
{
	return write_user(conn, &search_new, arena, user);
}

DB_STATEMENT(search_forget_terms, "DELETE FROM user_term WHERE user_id = ?");

int
search_forget(struct db_conn *conn, struct arena *arena, const struct uuid *id)
{
	const struct db_in in[] = { DB_UUID(id) };
	int64_t affected;

	return db_exec(conn, DB_EXEC(search_forget_terms, arena, in),
	    &affected);
}

DB_STATEMENT(search_anew, "UPDATE user_search SET text = ? WHERE user_id = ?");

int
search_replace(struct db_conn *conn, struct arena *arena,
    const struct user *user)
{
	if (search_forget(conn, arena, &user->id) < 0)
		return -1;
	return write_user(conn, &search_anew, arena, user);
}
