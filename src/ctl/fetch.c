/* One request by HTTP, by the program curl. */
#include "ctl/fetch.h"

#include "base/buf.h"
#include "ctl/ctl.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

enum { HEAD_MAX = 32 * 1024, TIMEOUT_S = 5, BLOCK = 4096 };

/* curl's configuration: a value in double quotes. */
static void
add_option(struct buf *config, const char *name, const char *value)
{
	buf_printf(config, "%s = \"", name);
	for (; *value != '\0'; value++) {
		if (*value == '"' || *value == '\\')
			buf_add_byte(config, '\\');
		if (*value >= ' ')
			buf_add_byte(config, *value);
	}
	buf_add(config, STR("\"\n"));
}

static int
write_config(struct arena *arena, const struct fetch *wish, struct str *text_r)
{
	struct buf config = BUF_IN(arena);

	buf_printf(&config,
	    "silent\n"
	    "globoff\n"
	    "path-as-is\n"
	    "max-time = %d\n"
	    "dump-header = \"-\"\n"
	    "output = \"/dev/null\"\n"
	    "noproxy = \"*\"\n",
	    TIMEOUT_S);
	add_option(&config, "url", wish->url);
	if (wish->header != NULL)
		add_option(&config, "header", wish->header);
	if (wish->authority != NULL)
		add_option(&config, "cacert", wish->authority);
	return buf_str(&config, text_r);
}

/* Start curl with its input and output at our ends of two pipes. */
static int
start_curl(pid_t *pid_r, int *to_r, int *from_r)
{
	char name[] = "curl";
	char no_file_of_its_own[] = "--disable";
	char by_config[] = "--config";
	char of_input[] = "-";
	char *const argv[] = { name, no_file_of_its_own, by_config, of_input,
		NULL };
	posix_spawn_file_actions_t actions;
	int in[2];
	int out[2];
	int rc;

	if (pipe2(in, O_CLOEXEC) != 0)
		return -1;
	if (pipe2(out, O_CLOEXEC) != 0) {
		close(in[0]);
		close(in[1]);
		return -1;
	}
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, in[0], STDIN_FILENO);
	posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
	rc = posix_spawnp(pid_r, argv[0], &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	close(in[0]);
	close(out[1]);
	if (rc != 0) {
		close(in[1]);
		close(out[0]);
		errno = rc;
		return -1;
	}
	*to_r = in[1];
	*from_r = out[0];
	return 1;
}

static int
read_all(int from, struct buf *head)
{
	char block[BLOCK];
	ssize_t got;

	while ((got = read(from, block, sizeof block)) > 0)
		if (head->len < HEAD_MAX)
			buf_add(head, (struct str){ block, (size_t)got });
	return got < 0 ? -1 : 1;
}

/* "HTTP/1.1 200 OK"; of several heads the last one counts. */
static void
read_status(struct fetched *fetched)
{
	struct str rest = fetched->head;
	struct str line;
	struct str word;
	bool has_more = rest.len > 0;

	while (has_more) {
		has_more = str_cut(&rest, '\n', &line);
		if (!str_starts(line, STR("HTTP/")))
			continue;
		(void)str_cut(&line, ' ', &word);
		(void)str_cut(&line, ' ', &word);
		if (str_to_int64(str_trim(word), &fetched->status) != 1)
			fetched->status = 0;
	}
}

static int
ask(struct str config, struct buf *head)
{
	void (*before)(int) = signal(SIGPIPE, SIG_IGN);
	int status = 0;
	int from;
	int to;
	pid_t pid;
	int rc = start_curl(&pid, &to, &from);

	if (rc < 0) {
		(void)ctl_fail("curl can't be run: %s; apt-get install curl",
		    strerror(errno));
		return -1;
	}
	if (write(to, config.ptr, config.len) != (ssize_t)config.len)
		rc = -1;
	close(to);
	if (read_all(from, head) < 0)
		rc = -1;
	close(from);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		continue;
	signal(SIGPIPE, before);
	return rc;
}

int
fetch(struct arena *arena, const struct fetch *wish, struct fetched *fetched_r)
{
	struct fetched fetched = { .status = 0 };
	struct buf head = BUF_IN(arena);
	struct str config;

	if (write_config(arena, wish, &config) < 0 || ask(config, &head) < 0 ||
	    buf_str(&head, &fetched.head) < 0)
		return -1;
	read_status(&fetched);
	*fetched_r = fetched;
	return 1;
}

struct str
fetched_header(const struct fetched *fetched, struct str name)
{
	struct str rest = fetched->head;
	struct str line;
	struct str found;
	bool has_more = rest.len > 0;

	while (has_more) {
		has_more = str_cut(&rest, '\n', &line);
		if (str_cut(&line, ':', &found) &&
		    str_equal_nocase(found, name))
			return str_trim((struct str){ line.ptr,
			    line.len - str_ends(line, STR("\r")) });
	}
	return STR_NONE;
}
