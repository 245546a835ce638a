/* unknotd: the one place where everything meets. */
#include "base/log.h"
#include "base/output.h"
#include "base/text.h"
#include "daemon/daemon.h"
#include "daemon/remember.h"
#include "sample/follow.h"
#include "sandbox/sandbox.h"

#include <getopt.h>
#include <glib-unix.h>
#include <glib.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { EXIT_USAGE = 2 };

/* ---- samples ---- */

static void print_sample(struct instant now, const struct posture_sample *s,
                         const struct core *core)
{
	static const enum measure_id shown[] = {MEASURE_EYE_DISTANCE, MEASURE_EYE_DROP,
	                                        MEASURE_LEAN_IN, MEASURE_HEAD_PITCH,
	                                        MEASURE_HEAD_YAW, MEASURE_HEAD_ROLL,
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

static void follow_profile(struct daemon *d)
{
	d->core.profile = daemon_profile(d);
	snprintf(d->core.context.profile, sizeof d->core.context.profile, "%s",
	         d->core.profile->valid ? d->core.profile->name : "");
}

static void on_step(void *user, struct instant now, const struct posture_sample *s,
                    const struct sample *sample)
{
	struct daemon *d = user;
	tzset(); /* the zone may be another one: glibc looks at
	          * /etc/localtime, no oftener than asked to */
	follow_profile(d);
	d->core.camera_problem = watch_problem(d->watch);
	quiet_ask(d->quiet, now.seconds);
	session_ask(d->session);
	if ((d->pause.reasons & 1u << PAUSE_LID) != 0)
		daemon_follow_pauses(d); /* a camera beside the lid may have come or gone */
	if (sample != NULL) {
		const struct stretch_view view = stretch_view_of(sample);
		core_follow(&d->core, &view);
		/* An empty room has nobody whose measures it would be. */
		if (sample->presence == PRESENCE_PRESENT)
			core_moved(&d->core, &(struct core_moved){sample->camera_turned,
			                                          sample->camera_up_deg,
			                                          sample->turn});
	}
	core_step(&d->core, now, s);
	if (d->options.print)
		print_sample(now, s, &d->core);
	if (d->told_presence != d->core.presence || d->told_posture != d->core.posture) {
		d->told_presence = d->core.presence;
		d->told_posture = d->core.posture;
		control_changed(d->control);
	}
	if (!d->options.once && history_care(&d->history, now.seconds, d->config.keep_days))
		core_keep_in(&d->core, d->history.store);
	if (d->options.once && (sample != NULL || s->sampled))
		g_main_loop_quit(d->loop);
}

static void on_expect(void *user, struct pace_view *view)
{
	core_expect(&((struct daemon *)user)->core, view);
}

static void on_camera(void *user)
{
	daemon_take_camera(user);
	daemon_follow_pauses(user); /* the lid may not cover this one */
}

static void on_camera_off(void *user)
{
	daemon_follow_pauses(user); /* the machine may sleep now */
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

static void on_broke(void *user, const struct break_event *e)
{
	static const char *const names[] = {
		[BREAK_EVENT_DUE] = "due", [BREAK_EVENT_STARTED] = "started",
		[BREAK_EVENT_ENDED] = "ended",
		[BREAK_EVENT_NATURAL] = "natural", [BREAK_EVENT_AGAIN] = "again",
	};
	struct daemon *d = user;
	control_break(d->control, break_kind_name(e->what), names[e->kind],
	              e->kind == BREAK_EVENT_ENDED ? break_outcome_name(e->outcome) : "",
	              e->length_s);
}

static void on_answer(void *user, const char *kind, enum coach_answer answer)
{
	struct daemon *d = user;
	struct error error;
	control_answer(d->control, kind, report_answer_name((int)answer));
	core_answer(&d->core, watch_now(d->watch), kind, answer);
	daemon_follow_pauses(d); /* the answer may be silence for a while */
	if (answer == ANSWER_WRONG && !remember_save_wrong(&d->core.coach, d->state_dir, &error))
		log_warning("%s", error.text);
}

static void on_quiet(void *user, enum quiet_reason quiet)
{
	struct daemon *d = user;
	core_hold(&d->core, watch_now(d->watch), quiet);
}

static gboolean on_hangup(gpointer user)
{
	struct error error;
	if (daemon_reload(user, &error))
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

/* Not in main: what GLib starts for them is in the sandbox as well. */
static void hear_signals(struct daemon *d)
{
	g_unix_signal_add(SIGTERM, on_terminate, d);
	g_unix_signal_add(SIGINT, on_terminate, d);
	g_unix_signal_add(SIGHUP, on_hangup, d);
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

/* Before there is a second thread. A kernel without means is told of, and no reason not to
 * watch. */
static void enter_sandbox(const struct daemon *d)
{
	static const char v4l2[] = "v4l2:";
	const char *source = daemon_source(d), *device = NULL, *writable[2];
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

static bool open_all(struct daemon *d, struct error *error)
{
	const char *source = d->options.source != NULL ? d->options.source : "";
	const bool is_trace = strncmp(source, "trace:", 6) == 0;
	d->recorded = is_trace || strncmp(source, "replay:", 7) == 0;
	struct error why;
	if (!find_folders(d, error) || !config_load(&d->config, d->config_path, error))
		return false;
	daemon_apply_log_level(d->config.log_level);
	enter_sandbox(d);
	if (!is_trace && (d->sampler = daemon_new_sampler(d, error)) == NULL)
		return false;
	d->watch_callbacks = (struct watch_callbacks){on_step, on_expect,
	                                              on_ended, on_camera, on_camera_off, d};
	if (!daemon_open_camera(d, error) ||
	    !daemon_load_profiles(d, d->profiles, &d->profile_count, error))
		return false;
	if (d->sampler != NULL) {
		daemon_configure_sampler(d);
		sampler_set_profiles(d->sampler, d->profiles, d->profile_count);
	}
	history_open(&d->history, d->state_dir, d->data_dir);
	d->terminal = notifier_terminal(stdout);
	d->desktop = notifier_aside(notifier_desktop, d->terminal, on_answer, d, &why);
	const struct core_ports ports = {d->history.store, d->desktop,
	                                 d->terminal, on_alerted, d, d->data_dir,
	                                 d->state_dir, on_broke, d->recorded};
	struct report_context context = daemon_context(d);
	struct coach_config coach = daemon_coach_config(d);
	core_init(&d->core, &ports, &context, &coach, d->config.notifications);
	if (!remember_wrong(&d->core.coach, d->state_dir, &why))
		log_warning("%s", why.text);
	if (!remember_exercises(&d->core.coach.exercises, d->state_dir, &why))
		log_warning("%s", why.text);
	if (!remember_asked(&d->core.asking, d->state_dir, &why))
		log_warning("%s", why.text);
	follow_profile(d);
	/* Whoever sees its name on the bus takes it for started, and may send them. */
	hear_signals(d);
	d->control = daemon_serve(d, &why);
	if (d->control == NULL)
		log_warning("%s; `unknot status` and its like will not reach this daemon",
		            why.text);
	daemon_begin_pausing(d);
	if (!is_trace)
		d->quiet = quiet_watch(on_quiet, d);
	return true;
}

static void close_all(struct daemon *d)
{
	daemon_end_pausing(d);
	quiet_free(d->quiet);
	control_free(d->control);
	core_finish(&d->core);
	watch_free(d->watch);
	if (d->desktop != NULL)
		d->desktop->ops->free(d->desktop);
	if (d->terminal != NULL)
		d->terminal->ops->free(d->terminal);
	history_close(&d->history);
	sampler_free(d->sampler);
	g_main_loop_unref(d->loop);
}

static const char help[] =
	N_("usage: unknotd [OPTIONS]\n\n"
	"Watches how you sit and says, rarely and precisely, what to change.\n\n"
	"  --source SOURCE    v4l2:DEVICE, replay:FILE_OR_FOLDER[@fps][,loop] or trace:FILE;\n"
	"                     without it the best camera\n"
	"  --config FILE      instead of ~/.config/unknot/unknot.conf\n"
	"  --state-dir DIR    history and profiles, instead of ~/.local/state/unknot\n"
	"  --data-dir DIR     reports, instead of ~/.local/share/unknot\n"
	"  --profile FILE     your upright posture, instead of the one that the configuration "
	"names\n"
	"  --model FILE       another packed model file\n"
	"  --speed N          recorded time runs N times faster\n"
	"  --print            one line per sample on standard output\n"
	"  --once             one sample, then stop\n"
	"  --help, --version\n");

/* -1 to go on, else the exit status. */
static int parse_options(struct options *o, int argc, char **argv)
{
	enum { SOURCE = 1, CONFIG, STATE, DATA, MODEL, PROFILE, SPEED, ONCE, PRINT, HELP, VERSION };
	static const struct option list[] = {
		{"source", required_argument, NULL, SOURCE},
		{"config", required_argument, NULL, CONFIG},
		{"state-dir", required_argument, NULL, STATE},
		{"data-dir", required_argument, NULL, DATA},
		{"model", required_argument, NULL, MODEL},
		{"profile", required_argument, NULL, PROFILE},
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
		case HELP: fputs(_(help), stdout); return EXIT_SUCCESS;
		case VERSION: puts("unknotd " UNKNOT_VERSION); return EXIT_SUCCESS;
		case SPEED:
			o->speed = strtod(optarg, &end);
			if (*end != '\0' || !(o->speed >= 0.01 && o->speed <= 1e7)) {
				fprintf(stderr,
				        _("unknotd: --speed %s: a number from 0.01 to 1e7\n"),
				        optarg);
				return EXIT_USAGE;
			}
			break;
		default: fputs(_("unknotd: `unknotd --help` lists the options\n"), stderr);
			return EXIT_USAGE;
		}
	}
	if (optind < argc) {
		fprintf(stderr, _("unknotd: %s: takes no argument, only options\n"), argv[optind]);
		return EXIT_USAGE;
	}
	return -1;
}

/* What a day's report needs at midnight would stay with the heap for good: the C library takes ever
 * larger blocks from there once a large one was freed. With a threshold of our own it keeps to it,
 * and gives back. */
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
	text_init();
	int status = parse_options(&d.options, argc, argv);
	if (status >= 0)
		return output_finish("unknotd", status);
	give_memory_back();
	umask(0077);
	d.loop = g_main_loop_new(NULL, FALSE);
	if (!open_all(&d, &error)) {
		fprintf(stderr, "unknotd: %s\n", error.text);
		close_all(&d);
		return EXIT_FAILURE;
	}
	g_main_loop_run(d.loop);
	close_all(&d);
	return d.options.print ? output_finish("unknotd", d.status) : d.status;
}
