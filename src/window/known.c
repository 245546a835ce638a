#include "window/known.h"

#include "base/clock.h"
#include "base/paths.h"
#include "store/known_care.h"

struct request {
	known_fn *told;
	void *user;
	struct known known;
};

static void read_files(GTask *task, gpointer owner, gpointer data, GCancellable *cancellable)
{
	(void)owner, (void)cancellable;
	struct request *r = data;
	struct known *k = &r->known;
	char state[PATH_SIZE], path[PATH_SIZE];
	struct clock clock = clock_real();
	k->config = config_default();
	if (path_config_file(path, &k->problem))
		config_load(&k->config, path, &k->problem);
	if (path_state_dir(state, &k->problem)) {
		struct error why;
		/* without one there is no diary */
		struct store *store = store_open(state, NULL, &why);
		known_care(&k->care, store, state, clock_now(&clock).wall_ms, &k->problem);
		store_close(store);
	}
	g_task_return_boolean(task, TRUE);
}

static void on_read(GObject *owner, GAsyncResult *result, gpointer user)
{
	(void)user;
	const struct request *r = g_task_get_task_data(G_TASK(result));
	if (gtk_widget_get_root(GTK_WIDGET(owner)) != NULL)
		r->told(r->user, &r->known);
}

void known_ask(GtkWidget *owner, known_fn *told, void *user)
{
	struct request *r = g_new0(struct request, 1);
	r->told = told;
	r->user = user;
	GTask *task = g_task_new(owner, NULL, on_read, NULL);
	g_task_set_task_data(task, r, g_free);
	g_task_run_in_thread(task, read_files);
	g_object_unref(task);
}

int known_hour(void)
{
	GDateTime *now = g_date_time_new_now_local();
	const int hour = now != NULL ? g_date_time_get_hour(now) : 12;
	g_clear_pointer(&now, g_date_time_unref);
	return hour;
}
