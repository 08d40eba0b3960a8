/* An arena as the state of a unit test. */
#ifndef LATCHKEY_TESTS_UNIT_ARENA_H
#define LATCHKEY_TESTS_UNIT_ARENA_H

/* For cmocka_unit_test_setup_teardown: *state is a struct arena. */
int arena_setup(void **state);
int arena_teardown(void **state);

#endif
