#include "calibrate/make.h"

#include "base/text.h"
#include "geometry/profile_store.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* What a careful person reads off a ruler held in the air; --tilt from an app laid on the lid. */
static const double eye_height_sigma_mm = 10, tilt_sigma_deg = 1.5;
/* A ruler's is 0.01, none 0.06. */
static const double ruled_sigma = 0.03;

/* What was given, else what is known of this camera, else the configuration's guess. */
static bool camera_of(const struct gather *g, const struct make_known *k,
                      const struct make_place *p, struct camera *camera, struct error *error)
{
	struct config config = *p->config;
	if (k->hfov_known)
		config.camera_hfov_deg = k->hfov_deg;
	/* The configuration counts from what the camera gives, the pictures were turned. */
	const int width = g->views[0].width, height = g->views[0].height;
	const bool aside = g->turn % 2 != 0;
	struct camera guess = config_camera(&config, aside ? height : width,
	                                    aside ? width : height);
	guess = camera_turned(&guess, g->turn - guess.turn);
	if (k->hfov_known) {
		*camera = guess;
		camera->focal_sigma = 0.01;
	} else if (!camera_best(camera, &guess, config_hfov_known(&config),
	                        p->state_dir, p->camera_id, error)) {
		return false;
	}
	if (k->tilt_known) {
		camera->tilt_deg = k->tilt_deg;
		camera->tilt_sigma_deg = tilt_sigma_deg;
	}
	return true;
}

static bool make_from(struct profile *p, const struct gather *g, const struct make_known *k,
                      const struct camera *camera, struct error *error)
{
	struct camera corrected = *camera;
	return k->distance_arm ? profile_make_at_arm(p, &corrected, g->views, g->count, error)
	                       : profile_make(p, camera, g->views, g->count, k->distance_cm, error);
}

static bool make(struct profile *p, const struct gather *g, const struct make_known *k,
                 struct camera *camera, struct error *error)
{
	if (!make_from(p, g, k, camera, error))
		return false;
	if (!k->eye_height_known)
		return true;
	/* Where the eyes are before the camera does not depend on the tilt; how high they are
	 * does. */
	struct camera level = *camera;
	double eye[3];
	level.tilt_deg = level.roll_deg = 0;
	if (!make_from(p, g, k, &level, error))
		return false;
	eye[0] = p->eye_world_mm[0];
	eye[1] = -p->eye_world_mm[2];
	eye[2] = p->eye_world_mm[1];
	return camera_level(camera, eye, k->eye_height_cm * 10, eye_height_sigma_mm,
	                    p->scale_sigma, error) &&
	       make_from(p, g, k, camera, error);
}

bool make_profile(struct made *made, struct gather *g, int least, const struct make_known *known,
                  const struct make_place *place, struct error *error)
{
	struct camera camera;
	memset(made, 0, sizeof *made);
	if (!gather_settle(g, least, &made->spread_mm, error) ||
	    !camera_of(g, known, place, &camera, error) ||
	    !make(&made->profile, g, known, &camera, error))
		return false;
	made->turn = g->turn;
	made->profile.room = g->room;
	snprintf(made->profile.camera_id, sizeof made->profile.camera_id,
	         "%.127s", place->camera_id);
	return true;
}

bool make_save(struct made *made, const char *name, const char *path, const char *state_dir,
               int64_t wall_ms, struct error *error)
{
	char folder[PATH_SIZE], own[PATH_SIZE];
	if (path == NULL) {
		if (!profile_path(own, state_dir, name, error) ||
		    !path_join(folder, state_dir, "profiles", error) ||
		    !path_make_dir(folder, error))
			return false;
		path = own;
	}
	snprintf(made->profile.name, sizeof made->profile.name, "%s", name);
	made->profile.created_wall_ms = wall_ms;
	return profile_save(&made->profile, path, error);
}

/* ---- words ---- */

bool make_has_monitor(const struct made *made)
{
	return made->profile.upright.m[MEASURE_MONITOR_TOP_OFFSET].valid;
}

bool make_wants_ruler(const struct made *made)
{
	return made->profile.scale_sigma > ruled_sigma;
}

void make_words(const struct made *made, enum make_line line, char *text, size_t size)
{
	const struct profile *p = &made->profile;
	const struct measure *d = &p->upright.m[MEASURE_EYE_DISTANCE];
	const struct measure *h = &p->upright.m[MEASURE_EYE_HEIGHT];
	*text = '\0';
	if (line == MAKE_TURN && made->turn != 0) /* the true reason, where a picture
	                                           * was not as cameras give it */
		snprintf(text, size,
		         made->turn ==
		         2 ? _("The camera hangs upside down: its pictures are turned by %d deg.")
		           : _("The camera lies on its side: its pictures are turned by %d deg."),
		         made->turn * 90);
	else if (line == MAKE_SPREAD)
		snprintf(text, size,
		         _("%d pictures, your eyes within %.1f cm of their middle place"),
		         p->samples, made->spread_mm / 10);
	else if (line == MAKE_PLACE)
		snprintf(text, size,
		         h->value < 0 ? _("eyes %.0f cm from the camera, %.0f cm below it")
		                      : _("eyes %.0f cm from the camera, %.0f cm above it"),
		         d->value, fabs(h->value));
	else if (line == MAKE_EXACT)
		snprintf(text, size, _("distance +-%.1f cm, tilt +-%.1f deg"),
		         d->sigma, p->camera.tilt_sigma_deg);
	else if (line == MAKE_SHOULDERS && !p->shoulders_valid)
		snprintf(text, size, "%s",
		         _("Your shoulders were not seen: changes of theirs will not be told. "
		           "Sit farther away or tilt the camera down."));
}
