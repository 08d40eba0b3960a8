/* What must happen in a process of its own, such as limits for good. */
#ifndef LATCHKEY_TESTS_UNIT_CHILD_H
#define LATCHKEY_TESTS_UNIT_CHILD_H

/* Fails the test unless run(argument) returns 0 in a child. */
void assert_child(int (*run)(const void *argument), const void *argument);

#endif
