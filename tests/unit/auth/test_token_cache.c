/* What the table of verified tokens may and may not vouch for. */
#include "../unit.h"

#include "auth/keys_internal.h"
#include "auth/revoked.h"
#include "auth/token_cache.h"

enum { NOW_S = 1000000, TTL_S = 900, MANY = LIMIT_TOKENS_CACHED * 8 };

struct world {
	struct config config;
	struct app app;
	struct keys keys;
	struct context context;
};

static int
setup(void **state)
{
	struct world *world = calloc(1, sizeof *world);

	if (world == NULL || token_cache_new(&world->app.token_cache) < 0)
		return -1;
	world->app.config = &world->config;
	world->keys.serial = 1;
	world->context.app = &world->app;
	world->context.keys = &world->keys;
	world->context.arena = arena_new(LIMIT_ARENA);
	world->context.now.unix_s = NOW_S;
	*state = world;
	return world->context.arena == NULL ? -1 : 0;
}

static int
teardown(void **state)
{
	struct world *world = *state;

	token_cache_free(&world->app.token_cache);
	assert_null(world->app.token_cache);
	arena_free(&world->context.arena);
	free(world);
	return 0;
}

static const unsigned char *
key_of(uint64_t number)
{
	static unsigned char key[TOKEN_CACHE_KEY_SIZE];

	/* Far apart in the first bytes, as those of a hash are. */
	number *= UINT64_C(0x9e3779b97f4a7c15);
	memset(key, 'k', sizeof key);
	memcpy(key, &number, sizeof number);
	return key;
}

static struct identity
identity_of(uint64_t number)
{
	struct identity identity = {
		.version = (int64_t)number,
		.issued_s = NOW_S,
		.not_before_s = NOW_S,
		.expires_s = NOW_S + TTL_S,
		.jti = STR("a-token"),
		.email = STR("ann@example.org"),
		.roles = STR("ADMIN,USER"),
	};

	memcpy(identity.user_id.bytes, &number, sizeof number);
	memcpy(identity.session_id.bytes, &number, sizeof number);
	return identity;
}

static void
put(struct world *world, uint64_t number)
{
	const struct identity identity = identity_of(number);

	token_cache_put(&world->context, key_of(number), &identity);
}

static bool
is_found(struct world *world, uint64_t number)
{
	struct identity found;

	return token_cache_find(&world->context, key_of(number), &found) == 1;
}

static void
what_was_put_is_found_whole(void **state)
{
	struct world *world = *state;
	const struct identity put_in = identity_of(7);
	struct identity found;

	assert_false(is_found(world, 7));
	put(world, 7);
	assert_int_equal(token_cache_find(&world->context, key_of(7), &found),
	    1);
	assert_true(uuid_equal(&found.user_id, &put_in.user_id));
	assert_true(uuid_equal(&found.session_id, &put_in.session_id));
	assert_int_equal(found.version, 7);
	assert_int_equal(found.issued_s, NOW_S);
	assert_int_equal(found.expires_s, NOW_S + TTL_S);
	assert_true(str_equal(found.jti, put_in.jti));
	assert_true(str_equal(found.email, put_in.email));
	assert_true(str_equal(found.roles, put_in.roles));
}

static void
every_byte_of_the_key_counts(void **state)
{
	struct world *world = *state;
	unsigned char key[TOKEN_CACHE_KEY_SIZE];
	struct identity found;

	put(world, 7);
	for (size_t i = 0; i < sizeof key; i++) {
		memcpy(key, key_of(7), sizeof key);
		key[i] ^= 1;
		assert_int_equal(token_cache_find(&world->context, key, &found),
		    0);
	}
	assert_true(is_found(world, 7));
}

static void
nothing_outlives_its_expiry(void **state)
{
	struct world *world = *state;

	put(world, 7);
	world->context.now.unix_s = NOW_S + TTL_S - 1;
	assert_true(is_found(world, 7));
	world->context.now.unix_s = NOW_S + TTL_S;
	assert_false(is_found(world, 7));
	/* Nor does it come back with a clock that is put back. */
	world->context.now.unix_s = NOW_S;
	assert_false(is_found(world, 7));
}

static void
the_leeway_is_the_settings(void **state)
{
	struct world *world = *state;

	world->config.token_leeway_s = 10;
	put(world, 7);
	world->context.now.unix_s = NOW_S + TTL_S + 9;
	assert_true(is_found(world, 7));
	world->context.now.unix_s = NOW_S + TTL_S + 10;
	assert_false(is_found(world, 7));
}

static void
nothing_is_used_before_its_time(void **state)
{
	struct world *world = *state;

	put(world, 7);
	world->context.now.unix_s = NOW_S - 60;
	assert_false(is_found(world, 7));
}

static void
other_keys_know_nothing_of_it(void **state)
{
	struct world *world = *state;

	put(world, 7);
	world->keys.serial = 2;
	assert_false(is_found(world, 7));
	put(world, 7);
	assert_true(is_found(world, 7));
	/* A request that began before the keys were read again. */
	world->keys.serial = 1;
	assert_false(is_found(world, 7));
}

static void
the_table_never_grows(void **state)
{
	struct world *world = *state;
	size_t found = 0;

	for (uint64_t i = 0; i < MANY; i++)
		put(world, i);
	for (uint64_t i = 0; i < MANY; i++) {
		found += is_found(world, i);
		arena_reset(world->context.arena);
	}
	assert_in_range(found, LIMIT_TOKENS_CACHED / 2, LIMIT_TOKENS_CACHED);
	/* The last that came is there, whatever came before. */
	assert_true(is_found(world, MANY - 1));
}

static void
who_is_used_stays_while_others_pass(void **state)
{
	struct world *world = *state;

	put(world, MANY);
	for (uint64_t i = 0; i < MANY; i++) {
		assert_true(is_found(world, MANY));
		put(world, i);
		arena_reset(world->context.arena);
	}
}

static void
long_texts_are_left_out(void **state)
{
	static const char text[1024] = "";
	struct world *world = *state;
	struct identity identity = identity_of(7);

	identity.roles = (struct str){ text, sizeof text };
	token_cache_put(&world->context, key_of(7), &identity);
	assert_false(is_found(world, 7));
}

static void
without_memory_nothing_is_found(void **state)
{
	struct world *world = *state;

	put(world, 7);
	while (arena_alloc(world->context.arena, 1024) != NULL)
		continue;
	while (arena_alloc(world->context.arena, 1) != NULL)
		continue;
	assert_false(is_found(world, 7));
}

static void
a_rest_forgets_all(void **state)
{
	struct world *world = *state;
	const struct db_options nowhere = { .pool = 1 };

	assert_int_equal(db_open(&nowhere, &world->app.db), 1);
	assert_int_equal(revoked_new(&world->app.revoked), 1);
	put(world, 7);
	app_rest(&world->app);
	assert_false(is_found(world, 7));
	app_rest(&world->app);
	put(world, 8);
	assert_false(is_found(world, 7));
	assert_true(is_found(world, 8));
	revoked_free(&world->app.revoked);
	db_close(&world->app.db);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(what_was_put_is_found_whole),
		TEST(every_byte_of_the_key_counts),
		TEST(nothing_outlives_its_expiry),
		TEST(the_leeway_is_the_settings),
		TEST(nothing_is_used_before_its_time),
		TEST(other_keys_know_nothing_of_it),
		TEST(the_table_never_grows),
		TEST(who_is_used_stays_while_others_pass),
		TEST(long_texts_are_left_out),
		TEST(without_memory_nothing_is_found),
		TEST(a_rest_forgets_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
