/* unknotd: the one place where everything meets. */
#include "base/log.h"
#include "base/text.h"
#include "config/config.h"
#include "control/control.h"
#include "daemon/core.h"
#include "daemon/remember.h"
#include "daemon/session.h"
#include "daemon/watch.h"
#include "notify/quiet.h"
#include "geometry/profile_store.h"
#include "sandbox/sandbox.h"

#include <getopt.h>
#include <glib-unix.h>
#include <glib.h>
#include <malloc.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

enum { EXIT_USAGE = 2, CAMERA_WIDTH = 640, CAMERA_HEIGHT = 480 };

struct options {
	const char *source, *config, *state_dir, *data_dir, *model, *profile;
	double speed;
	bool once, print;
};

struct daemon {
	struct options options;
	char config_path[PATH_SIZE], state_dir[PATH_SIZE], data_dir[PATH_SIZE];
	struct config config;
	struct profile profiles[PROFILES_MAX]; /* that may be in force before this camera */
	int profile_count;
	struct sampler *sampler;     /* NULL for a trace */
	struct store *store;
	GThread *checking;           /* reads the history for damage; NULL when not */
	atomic_bool stop_checking;
	bool checked;
	double pruned_at;            /* seconds; of the last store_forget */
	double opened_at;            /* of the last attempt to open it */
	struct notifier *desktop, *terminal;
	struct core core;
	struct watch *watch;
	struct control *control;
	struct session *session;
	struct quiet *quiet;         /* NULL without a bus */
	GMainLoop *loop;
	bool started, user_paused, away_from_seat, camera_lent;
	guint resume_timer, lend_timer;
	double resume_at;            /* seconds; < 0: until told */
	enum presence told_presence;
	enum posture told_posture;
	int status;                  /* exit status */
};

/* ---- samples ---- */

static void print_sample(struct instant now, const struct posture_sample *s, const struct core *core)
{
	static const enum measure_id shown[] = {MEASURE_EYE_DISTANCE, MEASURE_EYE_DROP, MEASURE_LEAN_IN,
	                                        MEASURE_HEAD_PITCH, MEASURE_HEAD_YAW, MEASURE_HEAD_ROLL,
	                                        MEASURE_SHOULDER_TILT};
	static const char *const labels[] = {"distance", "drop", "lean-in", "pitch", "yaw", "roll",
	                                     "shoulders"};
	printf("%8.1f s  %-8s", now.seconds, presence_name(s->presence));
	if (s->presence == PRESENCE_PRESENT) {
		printf(" %-13s", posture_name(core->posture));
		for (size_t i = 0; i < sizeof shown / sizeof *shown; i++) {
			const struct measure *m = &s->measures.m[shown[i]];
			if (m->valid)
				printf("  %s %.1f+-%.1f", labels[i], m->value, m->sigma);
		}
	}
	putchar('\n');
	fflush(stdout);
}

/* ---- history ---- */

enum { PRUNE_EVERY_S = 3600, PRUNE_FIRST_S = 60, OPEN_EVERY_S = 300 };

static void tell_set_aside(const char *set_aside)
{
	if (*set_aside)
		log_warning("the history was damaged; it is kept as %s and a new one begun", set_aside);
}

static void open_history(struct daemon *d)
{
	struct error error;
	char set_aside[PATH_SIZE] = "";
	d->store = store_open(d->state_dir, set_aside, &error);
	if (d->store == NULL)
		log_error("%s; watching without history until it can be opened", error.text);
	tell_set_aside(set_aside);
}

/* The disk may have been freed, or the folder put right. It was told once what is wrong. */
static void open_history_again(struct daemon *d, double seconds)
{
	struct error error;
	char set_aside[PATH_SIZE] = "";
	if (seconds - d->opened_at < OPEN_EVERY_S)
		return;
	d->opened_at = seconds;
	d->store = store_open(d->state_dir, set_aside, &error);
	tell_set_aside(set_aside);
	if (d->store == NULL)
		return;
	log_info("there is a history again");
	d->core.ports.store = d->store;
}

static gboolean on_damaged(gpointer user)
{
	struct daemon *d = user;
	struct error error;
	char set_aside[PATH_SIZE];
	if (!store_begin_anew(d->store, set_aside, &error))
		log_error("%s", error.text);
	tell_set_aside(set_aside);
	return G_SOURCE_REMOVE;
}

static gpointer check_history(gpointer user)
{
	struct daemon *d = user;
	const int lowest = 19;
	setpriority(PRIO_PROCESS, (id_t)gettid(), lowest); /* of this thread: the page on nice(2) */
	if (store_check(d->state_dir, &d->stop_checking) == STORE_DAMAGED)
		g_idle_add(on_damaged, d);
	return NULL;
}

/* After a look, when there is time: the file's pages are read once, and what is too old is forgotten
 * every hour. */
static void care_for_history(struct daemon *d, double seconds)
{
	struct error error;
	if (d->store == NULL)
		open_history_again(d, seconds);
	if (d->store == NULL)
		return;
	if (!d->checked && !d->options.once) {
		d->checked = true;
		d->pruned_at = seconds - PRUNE_EVERY_S + PRUNE_FIRST_S;
		d->checking = g_thread_try_new("history", check_history, d, NULL);
	}
	if (seconds - d->pruned_at < PRUNE_EVERY_S)
		return;
	struct clock clock = clock_real();
	const int64_t now = clock_now(&clock).wall_ms;
	d->pruned_at = seconds;
	if (!store_forget(d->store, now - (int64_t)(d->config.keep_days * 86400e3), &error))
		log_warning("%s", error.text);
}

static void stop_checking(struct daemon *d)
{
	atomic_store(&d->stop_checking, true);
	if (d->checking != NULL)
		g_thread_join(d->checking);
}

/* The one that changes are against; the sampler chooses. Not valid when there is none. */
static const struct profile *profile_in_force(const struct daemon *d)
{
	return d->sampler != NULL ? sampler_profile(d->sampler) : &d->profiles[0];
}

static void follow_profile(struct daemon *d)
{
	d->core.profile = profile_in_force(d);
	snprintf(d->core.context.profile, sizeof d->core.context.profile, "%s",
	         d->core.profile->valid ? d->core.profile->name : "");
}

static void on_step(void *user, struct instant now, const struct posture_sample *s,
                    const struct sample *sample)
{
	struct daemon *d = user;
	follow_profile(d);
	d->core.camera_problem = watch_problem(d->watch);
	quiet_ask(d->quiet, now.seconds);
	core_step(&d->core, now, s);
	if (d->options.print)
		print_sample(now, s, &d->core);
	if (d->told_presence != d->core.presence || d->told_posture != d->core.posture) {
		d->told_presence = d->core.presence;
		d->told_posture = d->core.posture;
		control_changed(d->control);
	}
	care_for_history(d, now.seconds);
	if (d->options.once && (sample != NULL || s->sampled))
		g_main_loop_quit(d->loop);
}

static bool on_attentive(void *user)
{
	return core_attentive(&((struct daemon *)user)->core);
}

static void on_ended(void *user)
{
	struct daemon *d = user;
	log_info("the recording is over");
	g_main_loop_quit(d->loop);
}

static void on_alerted(void *user, const struct coach_message *m)
{
	struct daemon *d = user;
	control_alert(d->control, m->kind, m->summary, m->body);
}

static void on_answer(void *user, const char *kind, enum coach_answer answer)
{
	struct daemon *d = user;
	struct error error;
	core_answer(&d->core, watch_now(d->watch), kind, answer);
	if (answer == ANSWER_WRONG && !remember_save_wrong(&d->core.coach, d->state_dir, &error))
		log_warning("%s", error.text);
}

static void on_quiet(void *user, bool quiet)
{
	struct daemon *d = user;
	core_hold(&d->core, watch_now(d->watch), quiet);
}

/* ---- pause: by the user, by lock, suspend and lid, or lent to a command ---- */

static void apply_pause(struct daemon *d)
{
	watch_pause(d->watch, d->user_paused || d->away_from_seat || d->camera_lent);
}

static void on_session(void *user, const struct session_state *state)
{
	struct daemon *d = user;
	d->away_from_seat = !session_watchable(state);
	apply_pause(d);
	/* Not before: the screen may have been locked when we started. */
	if (state->known && !d->started) {
		d->started = true;
		watch_start(d->watch);
	}
}

static gboolean on_resume_timer(gpointer user)
{
	struct daemon *d = user;
	d->resume_timer = 0;
	d->user_paused = false;
	apply_pause(d);
	return G_SOURCE_REMOVE;
}

static gboolean on_lend_timer(gpointer user)
{
	struct daemon *d = user;
	d->lend_timer = 0;
	d->camera_lent = false;
	apply_pause(d);
	return G_SOURCE_REMOVE;
}

static void restart_timer(guint *timer, unsigned seconds, GSourceFunc function, struct daemon *d)
{
	if (*timer != 0)
		g_source_remove(*timer);
	*timer = seconds > 0 ? g_timeout_add_seconds(seconds, function, d) : 0;
}

/* ---- control ---- */

static double paused_for(struct daemon *d)
{
	if (!d->user_paused)
		return 0;
	return d->resume_timer == 0 ? -1 : d->resume_at - watch_now(d->watch).seconds;
}

static char *do_status(void *user, struct error *error)
{
	struct daemon *d = user;
	(void)error;
	return core_status(&d->core, watch_now(d->watch), watch_name(d->watch),
	                   profile_in_force(d)->valid ? profile_in_force(d)->name : "", paused_for(d));
}

static char *do_explain(void *user, struct error *error)
{
	struct daemon *d = user;
	(void)error;
	return core_explain(&d->core, watch_now(d->watch));
}

static bool do_pause(void *user, unsigned seconds, struct error *error)
{
	struct daemon *d = user;
	(void)error;
	d->user_paused = true;
	d->resume_at = watch_now(d->watch).seconds + seconds;
	restart_timer(&d->resume_timer, seconds, on_resume_timer, d);
	apply_pause(d);
	return true;
}

static bool do_resume(void *user, struct error *error)
{
	struct daemon *d = user;
	(void)error;
	restart_timer(&d->resume_timer, 0, on_resume_timer, d);
	on_resume_timer(d);
	coach_snooze(&d->core.coach, 0);
	return true;
}

static bool do_snooze(void *user, unsigned seconds, struct error *error)
{
	struct daemon *d = user;
	(void)error;
	core_snooze(&d->core, watch_now(d->watch), seconds);
	return true;
}

static bool do_break(void *user, const char *kind, struct error *error)
{
	struct daemon *d = user;
	for (int k = 0; k < BREAK_KINDS; k++)
		if (strcmp(kind, break_kind_name((enum break_kind)k)) == 0) {
			core_break_now(&d->core, watch_now(d->watch), (enum break_kind)k);
			return true;
		}
	return error_set(error, 0, "%s: micro or movement", kind);
}

static char *do_write_report(void *user, struct error *error)
{
	struct daemon *d = user;
	char path[PATH_SIZE];
	return core_write_report(&d->core, path, error) ? strdup(path) : NULL;
}

static bool do_release(void *user, unsigned seconds, struct error *error)
{
	struct daemon *d = user;
	(void)error;
	d->camera_lent = seconds > 0;
	restart_timer(&d->lend_timer, seconds, on_lend_timer, d);
	apply_pause(d);
	return true;
}

static const char *do_presence(void *user)
{
	return presence_name(((struct daemon *)user)->core.presence);
}

static const char *do_posture(void *user)
{
	return posture_name(((struct daemon *)user)->core.posture);
}

static void on_name_lost(void *user)
{
	struct daemon *d = user;
	log_error("another unknotd has the name " CONTROL_NAME "; stop it first");
	d->status = EXIT_FAILURE;
	g_main_loop_quit(d->loop);
}

/* ---- configuration ---- */

static struct report_context context_of(const struct daemon *d)
{
	struct report_context c = {.posture = config_posture(&d->config),
	                           .breaks = config_breaks(&d->config)};
	snprintf(c.version, sizeof c.version, "unknot %s", UNKNOT_VERSION);
	if (profile_in_force(d)->valid)
		snprintf(c.profile, sizeof c.profile, "%s", profile_in_force(d)->name);
	if (d->watch != NULL)
		snprintf(c.camera, sizeof c.camera, "%.127s", watch_name(d->watch));
	if (d->sampler != NULL)
		snprintf(c.model_hash, sizeof c.model_hash, "%s", sampler_model_hash(d->sampler));
	return c;
}

static struct coach_config coach_config_of(const struct daemon *d)
{
	struct coach_config c = config_coach(&d->config);
	c.lacking = remember_lacking(d->state_dir);
	return c;
}

static struct watch_config watch_config_of(const struct daemon *d)
{
	const struct config *c = &d->config;
	return (struct watch_config){
		.source = d->options.source,
		.speed = d->options.speed,
		.continuous = strcmp(c->camera_mode, "continuous") == 0,
		.interval_min_s = c->interval_min_s,
		.interval_max_s = c->interval_max_s,
		.warmup_s = c->warmup_s,
		.away_s = c->away_s,
		.width = CAMERA_WIDTH,
		.height = CAMERA_HEIGHT,
	};
}

/* A missing profile is no error: the daemon works without, and says in its status what to do. */
static bool load_profiles(struct daemon *d, struct profile *profiles, int *count, struct error *error)
{
	memset(profiles, 0, PROFILES_MAX * sizeof *profiles);
	*count = 1;
	if (d->options.profile != NULL)
		return profile_load(profiles, d->options.profile, error);
	return profile_candidates(d->state_dir, d->config.profile, watch_camera_id(d->watch), profiles, count,
	                          error);
}

/* The camera as well as it is known, for as long as there is no profile, and the limits. */
static void configure_sampler(struct daemon *d)
{
	struct error error;
	struct camera camera;
	const struct camera guess = config_camera(&d->config, CAMERA_WIDTH, CAMERA_HEIGHT);
	const struct posture_config posture = config_posture(&d->config);
	if (!camera_best(&camera, &guess, config_hfov_known(&d->config), d->state_dir,
	                 watch_camera_id(d->watch), &error))
		log_warning("%s; calibrate the lens again", error.text);
	sampler_configure(d->sampler, &camera, &posture);
}

static void take_profiles(struct daemon *d, const struct profile *profiles, int count)
{
	memcpy(d->profiles, profiles, sizeof d->profiles);
	d->profile_count = count;
	if (d->sampler != NULL)
		sampler_set_profiles(d->sampler, d->profiles, d->profile_count);
}

/* Another camera has another lens, stands elsewhere and has profiles of its own. */
static void on_camera(void *user)
{
	struct daemon *d = user;
	struct error error;
	struct profile profiles[PROFILES_MAX];
	int count;
	log_info("the camera is %s", watch_name(d->watch));
	if (!load_profiles(d, profiles, &count, &error)) {
		log_warning("%s; judging without a profile", error.text);
		memset(profiles, 0, sizeof profiles);
		count = 0;
	}
	sampler_reset(d->sampler);
	configure_sampler(d);
	take_profiles(d, profiles, count);
	const struct report_context context = context_of(d);
	core_configure(&d->core, &context, &d->core.coach.config, d->config.notifications);
}

static void apply_log_level(const char *level)
{
	static const char *const names[] = {"error", "warning", "info", "debug"};
	for (int i = 0; i < 4; i++)
		if (strcmp(level, names[i]) == 0)
			log_set_level((enum log_level)i);
}

/* Everything new is made before anything old is given up. */
static bool do_reload(void *user, struct error *error)
{
	struct daemon *d = user;
	struct config fresh;
	struct profile profiles[PROFILES_MAX];
	int profile_count;
	if (!config_load(&fresh, d->config_path, error))
		return false;
	struct config old = d->config;
	d->config = fresh;
	if (!load_profiles(d, profiles, &profile_count, error)) {
		d->config = old;
		return false;
	}
	take_profiles(d, profiles, profile_count);
	apply_log_level(fresh.log_level);
	struct report_context context = context_of(d);
	struct coach_config coach = coach_config_of(d);
	struct watch_config watch = watch_config_of(d);
	core_configure(&d->core, &context, &coach, fresh.notifications);
	watch_configure(d->watch, &watch);
	if (d->sampler != NULL)
		configure_sampler(d);
	return true;
}

static gboolean on_hangup(gpointer user)
{
	struct error error;
	if (do_reload(user, &error))
		log_info("configuration read again");
	else
		log_error("%s; the old configuration stays", error.text);
	return G_SOURCE_CONTINUE;
}

static gboolean on_terminate(gpointer user)
{
	g_main_loop_quit(((struct daemon *)user)->loop);
	return G_SOURCE_CONTINUE;
}

/* ---- start ---- */

static bool find_folders(struct daemon *d, struct error *error)
{
	const struct options *o = &d->options;
	bool good = true;
	if (o->config != NULL)
		snprintf(d->config_path, PATH_SIZE, "%s", o->config);
	else
		good = path_config_file(d->config_path, error);
	if (o->state_dir != NULL)
		snprintf(d->state_dir, PATH_SIZE, "%s", o->state_dir);
	else
		good = good && path_state_dir(d->state_dir, error);
	if (o->data_dir != NULL)
		snprintf(d->data_dir, PATH_SIZE, "%s", o->data_dir);
	else
		good = good && path_data_dir(d->data_dir, error);
	return good;
}

/* Before there is a second thread. A kernel without means is told of, and no reason not to watch. */
static void enter_sandbox(const struct daemon *d)
{
	static const char v4l2[] = "v4l2:";
	const char *source = d->options.source, *device = NULL, *writable[2];
	int count = 0;
	struct sandbox entered;
	struct error error;
	char text[256];
	if (source != NULL && strncmp(source, v4l2, strlen(v4l2)) == 0 &&
	    access(source + strlen(v4l2), F_OK) == 0)
		device = source + strlen(v4l2);
	/* A folder that cannot be made is told of by what wants to write into it. */
	if (path_make_dir(d->state_dir, &error))
		writable[count++] = d->state_dir;
	if (path_make_dir(d->data_dir, &error))
		writable[count++] = d->data_dir;
	if (!sandbox_enter(writable, count, device, &entered, &error)) {
		log_warning("%s; watching without a sandbox", error.text);
		return;
	}
	sandbox_describe(&entered, text, sizeof text);
	if (entered.landlock == 0 || !entered.seccomp)
		log_warning("%s", text);
	else
		log_debug("%s", text);
}

static bool open_sampler(struct daemon *d, struct error *error)
{
	const struct sampler_config config = {
		.model_path = d->options.model,
		.pose_model = strcmp(d->config.pose_model, "full") == 0 ? NET_POSE_FULL : NET_POSE_LITE,
		.camera = config_camera(&d->config, CAMERA_WIDTH, CAMERA_HEIGHT),
		.posture = config_posture(&d->config),
	};
	d->sampler = sampler_create(&config, error);
	return d->sampler != NULL;
}

static bool open_all(struct daemon *d, struct error *error)
{
	static const struct control_handler handler = {
		do_status, do_explain, do_pause, do_resume, do_snooze, do_break, do_reload,
		do_write_report, do_release, do_presence, do_posture, on_name_lost,
	};
	const bool is_trace = d->options.source != NULL && strncmp(d->options.source, "trace:", 6) == 0;
	struct error why;
	if (!find_folders(d, error) || !config_load(&d->config, d->config_path, error))
		return false;
	apply_log_level(d->config.log_level);
	if (d->options.source == NULL && *d->config.camera_device) {
		static char named[CONFIG_TEXT_SIZE + 8];
		snprintf(named, sizeof named, "v4l2:%s", d->config.camera_device);
		d->options.source = named;
	}
	enter_sandbox(d);
	if (!is_trace && !open_sampler(d, error))
		return false;
	const struct watch_config watch = watch_config_of(d);
	const struct watch_callbacks callbacks = {on_step, on_attentive, on_ended, on_camera, d};
	d->watch = watch_create(&watch, d->sampler, &callbacks, error);
	if (d->watch == NULL || !load_profiles(d, d->profiles, &d->profile_count, error))
		return false;
	if (d->sampler != NULL) {
		configure_sampler(d);
		sampler_set_profiles(d->sampler, d->profiles, d->profile_count);
	}
	open_history(d);
	d->terminal = notifier_terminal(stdout);
	d->desktop = notifier_aside(notifier_desktop, d->terminal, on_answer, d, &why);
	const struct core_ports ports = {d->store, d->desktop, d->terminal, on_alerted, d, d->data_dir};
	struct report_context context = context_of(d);
	struct coach_config coach = coach_config_of(d);
	core_init(&d->core, &ports, &context, &coach, d->config.notifications);
	if (!remember_wrong(&d->core.coach, d->state_dir, &why))
		log_warning("%s", why.text);
	follow_profile(d);
	d->control = control_serve(&handler, d, &why);
	if (d->control == NULL)
		log_warning("%s; `unknot status` and its like will not reach this daemon", why.text);
	d->session = session_watch(on_session, d);
	if (!is_trace)
		d->quiet = quiet_watch(on_quiet, d);
	return true;
}

static void close_all(struct daemon *d)
{
	session_free(d->session);
	quiet_free(d->quiet);
	control_free(d->control);
	core_finish(&d->core);
	watch_free(d->watch);
	stop_checking(d);
	if (d->desktop != NULL)
		d->desktop->ops->free(d->desktop);
	if (d->terminal != NULL)
		d->terminal->ops->free(d->terminal);
	store_close(d->store);
	sampler_free(d->sampler);
	g_main_loop_unref(d->loop);
}

static const char help[] =
	"usage: unknotd [OPTIONS]\n\n"
	"Watches how you sit and says, rarely and precisely, what to change.\n\n"
	"  --source SOURCE    v4l2:DEVICE, replay:FILE_OR_FOLDER[@fps][,loop] or trace:FILE;\n"
	"                     without it the best camera\n"
	"  --config FILE      instead of ~/.config/unknot/unknot.conf\n"
	"  --state-dir DIR    history and profiles, instead of ~/.local/state/unknot\n"
	"  --data-dir DIR     reports, instead of ~/.local/share/unknot\n"
	"  --profile FILE     your upright posture, instead of the one that the configuration names\n"
	"  --model FILE       another packed model file\n"
	"  --speed N          recorded time runs N times faster\n"
	"  --print            one line per sample on standard output\n"
	"  --once             one sample, then stop\n"
	"  --help, --version\n";

/* -1 to go on, else the exit status. */
static int parse_options(struct options *o, int argc, char **argv)
{
	enum { SOURCE = 1, CONFIG, STATE, DATA, MODEL, PROFILE, SPEED, ONCE, PRINT, HELP, VERSION };
	static const struct option list[] = {
		{"source", required_argument, NULL, SOURCE}, {"config", required_argument, NULL, CONFIG},
		{"state-dir", required_argument, NULL, STATE}, {"data-dir", required_argument, NULL, DATA},
		{"model", required_argument, NULL, MODEL}, {"profile", required_argument, NULL, PROFILE},
		{"speed", required_argument, NULL, SPEED}, {"once", no_argument, NULL, ONCE},
		{"print", no_argument, NULL, PRINT}, {"help", no_argument, NULL, HELP},
		{"version", no_argument, NULL, VERSION}, {0},
	};
	int got;
	while ((got = getopt_long(argc, argv, "", list, NULL)) != -1) {
		char *end;
		switch (got) {
		case SOURCE: o->source = optarg; break;
		case CONFIG: o->config = optarg; break;
		case STATE: o->state_dir = optarg; break;
		case DATA: o->data_dir = optarg; break;
		case MODEL: o->model = optarg; break;
		case PROFILE: o->profile = optarg; break;
		case ONCE: o->once = true; break;
		case PRINT: o->print = true; break;
		case HELP: fputs(help, stdout); return EXIT_SUCCESS;
		case VERSION: puts("unknotd " UNKNOT_VERSION); return EXIT_SUCCESS;
		case SPEED:
			o->speed = strtod(optarg, &end);
			if (*end != '\0' || !(o->speed >= 0.01 && o->speed <= 1e7)) {
				fprintf(stderr, "unknotd: --speed %s: a number from 0.01 to 1e7\n", optarg);
				return EXIT_USAGE;
			}
			break;
		default: fputs("unknotd: `unknotd --help` lists the options\n", stderr); return EXIT_USAGE;
		}
	}
	if (optind < argc) {
		fprintf(stderr, "unknotd: %s: no such argument\n", argv[optind]);
		return EXIT_USAGE;
	}
	return -1;
}

/* What a day's report needs at midnight would stay with the heap for good: the C library takes ever larger
 * blocks from there once a large one was freed. With a threshold of our own it keeps to it, and gives back. */
static void give_memory_back(void)
{
#ifdef M_MMAP_THRESHOLD
	enum { LARGE = 128 * 1024 };
	mallopt(M_MMAP_THRESHOLD, LARGE);
#endif
}

int main(int argc, char **argv)
{
	static struct daemon d = {.options = {.speed = 1}};
	struct error error;
	int status = parse_options(&d.options, argc, argv);
	if (status >= 0)
		return status;
	give_memory_back();
	umask(0077);
	text_init();
	d.loop = g_main_loop_new(NULL, FALSE);
	if (!open_all(&d, &error)) {
		fprintf(stderr, "unknotd: %s\n", error.text);
		close_all(&d);
		return EXIT_FAILURE;
	}
	g_unix_signal_add(SIGTERM, on_terminate, &d);
	g_unix_signal_add(SIGINT, on_terminate, &d);
	g_unix_signal_add(SIGHUP, on_hangup, &d);
	g_main_loop_run(d.loop);
	close_all(&d);
	return d.status;
}
