/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Loading a configuration file with its line numbers kept, and saying what is wrong in it. */

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <osmocom/core/linuxlist.h>
#include <osmocom/core/talloc.h>
#include <osmocom/core/utils.h>

#include "gw_config.h"

/* Exported by libosmovty, declared nowhere: the file that "write" writes to */
extern void host_config_set(const char *filename);

/* Where an object was configured */
struct note {
	struct llist_head entry;
	const char *object;
	unsigned int line;
};

/* The file of this process: one, loaded at start */
static struct {
	const char *path;
	void *ctx;
	FILE *file;		/* while it is loaded */
	unsigned int line;	/* the one that is being read */
	bool said;		/* what is wrong with this line has been said */
	struct llist_head notes;
} config = { .notes = LLIST_HEAD_INIT(config.notes) };

/* Gives at most one line at a time, so that the count is that of the line the VTY works on. */
static ssize_t read_line(void *cookie, char *buf, size_t size)
{
	size_t len = 0;
	int c;

	while (len < size && (c = fgetc(config.file)) != EOF) {
		buf[len++] = c;
		if (c == '\n')
			break;
	}
	config.line++;
	return len;
}

/* A pipe may never end, or never begin: it is opened so that it does not wait, and refused. /dev/null is a
 * configuration without lines. */
static FILE *open_file(const char *path, const char **why)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat st;
	FILE *file = NULL;

	*why = NULL;
	if (fd >= 0 && fstat(fd, &st) == 0) {
		if (S_ISREG(st.st_mode) || (S_ISCHR(st.st_mode) && !strcmp(path, "/dev/null")))
			file = fdopen(fd, "r");
		else
			*why = S_ISDIR(st.st_mode) ? strerror(EISDIR) : "is no file, but a device or pipe";
	}
	if (!file && !*why)
		*why = strerror(errno);
	if (!file && fd >= 0)
		close(fd);
	return file;
}

int gw_config_load(void *ctx, const char *path)
{
	char *full = realpath(path, NULL);
	const char *why = strerror(errno);
	FILE *lines;
	int rc;

	config.ctx = ctx;
	config.path = talloc_strdup(ctx, path);
	config.file = full ? open_file(full, &why) : NULL;
	if (!config.file) {
		fprintf(stderr, "%s: %s\n", path, why);
		free(full);
		return -EINVAL;
	}
	config.line = 0;
	config.said = false;
	lines = fopencookie(NULL, "r", (cookie_io_functions_t){ .read = read_line });
	OSMO_ASSERT(lines);
	rc = vty_read_config_filep(lines, NULL);
	if (ferror(config.file)) {
		rc = -EIO;
		fprintf(stderr, "%s: cannot be read\n", path);
	} else if (rc < 0 && !config.said)
		fprintf(stderr, "%s:%u: not a command of this node (doc/REFERENCE.md has them all), or indented "
			"otherwise than its neighbours\n", path, config.line);
	fclose(lines);
	fclose(config.file);
	config.file = NULL;
	/* in full, for the daemon changes to / */
	host_config_set(full);
	free(full);
	return rc;
}

static void say(struct vty *vty, const char *kind, const char *fmt, va_list ap)
{
	if (vty->type == VTY_FILE) {
		fprintf(stderr, "%s:%u: %s", config.path, config.line, kind);
		vfprintf(stderr, fmt, ap);
		fputc('\n', stderr);
		return;
	}
	vty_out(vty, "%% %s", kind);
	vty_out_va(vty, fmt, ap);
	vty_out_newline(vty);
}

int gw_config_refuse(struct vty *vty, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(vty, "", fmt, ap);
	va_end(ap);
	config.said = true;
	return CMD_WARNING;
}

void gw_config_warn(struct vty *vty, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(vty, "note: ", fmt, ap);
	va_end(ap);
}

void gw_config_set_text(const void *ctx, char **text, const char **argv, int argc)
{
	TALLOC_FREE(*text);
	if (argc > 0) {
		*text = argv_concat(argv, argc, 0);
		talloc_steal(ctx, *text);
	}
}

void gw_config_note(struct vty *vty, const char *fmt, ...)
{
	struct note *note;
	va_list ap;

	if (vty->type != VTY_FILE)
		return;
	note = talloc_zero(config.ctx, struct note);
	va_start(ap, fmt);
	note->object = talloc_vasprintf(note, fmt, ap);
	va_end(ap);
	note->line = config.line;
	llist_add(&note->entry, &config.notes);
}

const char *gw_config_where_buf(char *buf, size_t size, const char *object)
{
	const struct note *note;

	snprintf(buf, size, "%s", config.path ? config.path : "configuration");
	llist_for_each_entry(note, &config.notes, entry) {
		if (strcmp(note->object, object))
			continue;
		snprintf(buf, size, "%s:%u", config.path, note->line);
		break;
	}
	return buf;
}

void gw_config_print_problem(const char *object, const char *text, void *data)
{
	unsigned int *count = data;
	char where[512];

	fprintf(stderr, "%s: %s: %s\n", gw_config_where_buf(where, sizeof(where), object), object, text);
	if (count)
		++*count;
}
