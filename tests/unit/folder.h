/* A folder of a test's own, for cmocka's setup and teardown. */
#ifndef UNKNOT_TESTS_FOLDER_H
#define UNKNOT_TESTS_FOLDER_H

extern char folder[64];

int make_folder(void **state);
int remove_folder(void **state);

#endif
