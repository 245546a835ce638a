/* inotify tells that somebody opened or closed the node, but not who, and counts identical events
 * as one; /proc tells who has it open, but not before the open is done, and nothing of other users'
 * programs. So an open counts at once, and after a close /proc says who is left. */
#include "capture/manners.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <unistd.h>

struct manners {
	char device[256];
	int epoll, inotify, timer; /* the first holds the other two */
	int watch;                 /* -1: the node is not there */
	bool opened;               /* by another, and nothing closed since */
	bool held;                 /* what /proc told last */
	bool look;                 /* that is out of date */
	bool ours;                 /* between manners_before_ours and _after_ours */
	pthread_mutex_t mutex;     /* the camera's thread opens and closes, the loop asks */
};

/* ---- who has it open ---- */

struct node {
	struct stat info;
	const char *name;
	char path[PATH_MAX];
};

static bool find_node(struct node *n, const char *device)
{
	if (realpath(device, n->path) == NULL || stat(n->path, &n->info) != 0)
		return false;
	n->name = strrchr(n->path, '/') + 1;
	return true;
}

static bool is_same(const struct stat *a, const struct stat *b)
{
	if (S_ISCHR(a->st_mode) && S_ISCHR(b->st_mode))
		return a->st_rdev == b->st_rdev; /* a sandbox has device files of its own */
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* The name is compared first: to stat what lies on a dead network mount may take for ever. */
static bool has_open(int process, const struct node *n)
{
	char target[PATH_MAX];
	bool found = false;
	int fd = openat(process, "fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
	if (dir == NULL && fd >= 0)
		close(fd);
	for (struct dirent *e; dir != NULL && !found && (e = readdir(dir)) != NULL;) {
		struct stat info;
		ssize_t size = readlinkat(dirfd(dir), e->d_name, target, sizeof target - 1);
		if (size <= 0)
			continue;
		target[size] = '\0';
		const char *name = strrchr(target, '/');
		found = name != NULL && strcmp(name + 1, n->name) == 0 &&
		        fstatat(dirfd(dir), e->d_name, &info, 0) == 0 && is_same(&info, &n->info);
	}
	if (dir != NULL)
		closedir(dir);
	return found;
}

static void name_of(int process, char *name, size_t size)
{
	int fd = openat(process, "comm", O_RDONLY | O_CLOEXEC);
	ssize_t got = fd >= 0 ? read(fd, name, size - 1) : 0;
	if (fd >= 0)
		close(fd);
	name[got > 0 ? got : 0] = '\0';
	name[strcspn(name, "\n")] = '\0';
	for (char *p = name; *p != '\0'; p++)
		if (*p < 0x20 || *p > 0x7e)
			*p = '?';
}

int manners_holders(const char *device, struct camera_holder *list, int max)
{
	struct node node;
	int count = 0;
	DIR *proc = find_node(&node, device) ? opendir("/proc") : NULL;
	for (struct dirent *e; proc != NULL && (e = readdir(proc)) != NULL;) {
		const int pid = isdigit((unsigned char)e->d_name[0]) ? atoi(e->d_name) : 0;
		if (pid <= 0 || pid == getpid())
			continue;
		int process = openat(dirfd(proc), e->d_name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (process < 0)
			continue;
		if (has_open(process, &node)) {
			if (count < max) {
				list[count].pid = pid;
				name_of(process, list[count].program, sizeof list[count].program);
			}
			count++;
		}
		close(process);
	}
	if (proc != NULL)
		closedir(proc);
	return count;
}

bool manners_is_pipewires(const char *device)
{
	struct camera_holder list[8];
	const int count = manners_holders(device, list, 8);
	for (int i = 0; i < count && i < 8; i++)
		if (strcmp(list[i].program, "pipewire") != 0 &&
		    strcmp(list[i].program, "wireplumber") != 0)
			return false;
	return count > 0 && count <= 8;
}

/* ---- when to look ---- */

static void watch_node(struct manners *m)
{
	const uint32_t events = IN_OPEN | IN_CLOSE | IN_DELETE_SELF | IN_MOVE_SELF;
	m->watch = inotify_add_watch(m->inotify, m->device, events);
}

static bool add(struct manners *m, int fd)
{
	struct epoll_event event = {.events = EPOLLIN};
	return fd >= 0 && epoll_ctl(m->epoll, EPOLL_CTL_ADD, fd, &event) == 0;
}

struct manners *manners_open(const char *device, struct error *error)
{
	struct manners *m = calloc(1, sizeof *m);
	if (m == NULL || strlen(device) >= sizeof m->device) {
		error_set(error, m == NULL ? ENOMEM : ENAMETOOLONG, "%.100s: cannot be watched",
		          device);
		free(m);
		return NULL;
	}
	snprintf(m->device, sizeof m->device, "%s", device);
	pthread_mutex_init(&m->mutex, NULL);
	m->epoll = epoll_create1(EPOLL_CLOEXEC);
	m->inotify = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	m->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (m->epoll < 0 || !add(m, m->inotify) || !add(m, m->timer)) {
		error_set(error, errno, "%s: cannot be watched: %s", device, strerror(errno));
		manners_free(m);
		return NULL;
	}
	watch_node(m);
	m->held = manners_holders(m->device, NULL, 0) > 0;
	return m;
}

void manners_free(struct manners *m)
{
	if (m == NULL)
		return;
	const int fds[] = {m->timer, m->inotify, m->epoll};
	for (int i = 0; i < 3; i++)
		if (fds[i] >= 0)
			close(fds[i]);
	pthread_mutex_destroy(&m->mutex);
	free(m);
}

int manners_fd(const struct manners *m)
{
	return m->epoll;
}

/* Takes what inotify has to tell; how many things. `opened`: the last of them was an open. */
static int take_events(struct manners *m, bool *opened)
{
	_Alignas(struct inotify_event) char buffer[4096];
	int count = 0;
	ssize_t size;
	while ((size = read(m->inotify, buffer, sizeof buffer)) > 0) {
		for (ssize_t at = 0; at < size;) {
			const struct inotify_event *e = (const struct inotify_event *)(buffer + at);
			*opened = (e->mask & IN_OPEN) != 0;
			if (e->wd == m->watch && (e->mask & (IN_IGNORED | IN_MOVE_SELF)) != 0) {
				inotify_rm_watch(m->inotify, m->watch);
				m->watch = -1;
			}
			at += (ssize_t)sizeof *e + e->len;
			count++;
		}
	}
	return count;
}

static void take_others_events(struct manners *m)
{
	if (take_events(m, &m->opened) > 0)
		m->look = true;
}

/* The loop is not to be woken by what we do ourselves, nor to read it before we do. */
static void listen(struct manners *m, bool on)
{
	struct epoll_event event = {.events = EPOLLIN};
	epoll_ctl(m->epoll, on ? EPOLL_CTL_ADD : EPOLL_CTL_DEL, m->inotify, &event);
	m->ours = !on;
}

void manners_before_ours(struct manners *m)
{
	if (m == NULL)
		return;
	pthread_mutex_lock(&m->mutex);
	listen(m, false);
	take_others_events(m);
	pthread_mutex_unlock(&m->mutex);
}

void manners_after_ours(struct manners *m)
{
	const struct itimerspec at_once = {.it_value = {0, 1}};
	bool opened;
	if (m == NULL)
		return;
	pthread_mutex_lock(&m->mutex);
	if (take_events(m, &opened) > 1 || m->watch < 0) {
		/* Theirs and ours cannot be told apart. */
		m->look = true;
		m->opened = false;
	}
	listen(m, true);
	if (m->look) /* its events are gone: the loop has to be woken otherwise */
		timerfd_settime(m->timer, 0, &at_once, NULL);
	pthread_mutex_unlock(&m->mutex);
}

static bool is_busy(struct manners *m)
{
	uint64_t expirations;
	if (read(m->timer, &expirations, sizeof expirations) > 0)
		m->look = true;
	if (m->ours) /* what comes now is told afterwards */
		return m->opened || m->held;
	take_others_events(m);
	if (m->watch < 0) { /* unplugged: it may be back */
		watch_node(m);
		m->look = true;
		m->opened = false;
	}
	/* Who has just opened it waits for us: to look who it is takes longer than to let go. */
	if (m->opened)
		return true;
	if (m->look)
		m->held = manners_holders(m->device, NULL, 0) > 0;
	m->look = false;
	return m->held;
}

bool manners_busy(struct manners *m)
{
	pthread_mutex_lock(&m->mutex);
	const bool busy = is_busy(m);
	pthread_mutex_unlock(&m->mutex);
	return busy;
}
