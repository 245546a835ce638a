/* What the configuration, the command line and the profile say, made into what each room takes. */
#include "daemon/daemon.h"

#include "base/log.h"
#include "daemon/remember.h"

#include <stdio.h>
#include <string.h>

const struct profile *daemon_profile(const struct daemon *d)
{
	return d->sampler != NULL ? sampler_profile(d->sampler) : &d->profiles[0];
}

struct report_context daemon_context(const struct daemon *d)
{
	struct report_context c = config_report(&d->config, UNKNOT_VERSION);
	/* Not the profile that is asked for: the one in force. */
	const struct profile *profile = daemon_profile(d);
	snprintf(c.profile, sizeof c.profile, "%s", profile->valid ? profile->name : "");
	if (d->watch != NULL)
		snprintf(c.camera, sizeof c.camera, "%.127s", watch_name(d->watch));
	if (d->sampler != NULL)
		snprintf(c.model_hash, sizeof c.model_hash, "%s", sampler_model_hash(d->sampler));
	return c;
}

struct coach_config daemon_coach_config(const struct daemon *d)
{
	struct coach_config c = config_coach(&d->config);
	c.lacking = remember_lacking(d->state_dir);
	c.care = remember_care(d->history.store, d->state_dir);
	return c;
}

const char *daemon_source(const struct daemon *d)
{
	static char named[CONFIG_TEXT_SIZE + 8];
	if (d->options.source != NULL || *d->config.camera_device == '\0')
		return d->options.source;
	snprintf(named, sizeof named, "v4l2:%s", d->config.camera_device);
	return named;
}

struct watch_config daemon_watch_config(const struct daemon *d)
{
	const struct config *c = &d->config;
	return (struct watch_config){
		.source = daemon_source(d),
		.speed = d->options.speed,
		.continuous = strcmp(c->camera_mode, "continuous") == 0,
		.interval_min_s = c->interval_min_s,
		.interval_max_s = c->interval_max_s,
		.warmup_s = c->warmup_s,
		.away_s = c->away_s,
		.width = CAMERA_WIDTH,
		.height = CAMERA_HEIGHT,
		.state_dir = d->state_dir,
	};
}

bool daemon_load_profiles(struct daemon *d, struct profile *profiles, int *count,
                          struct error *error)
{
	memset(profiles, 0, PROFILES_MAX * sizeof *profiles);
	*count = 1;
	if (d->options.profile != NULL)
		return profile_load(profiles, d->options.profile, error);
	return profile_candidates(d->state_dir, d->config.profile, watch_camera_id(d->watch),
	                          profiles, count, error);
}

/* The camera as well as it is known, for as long as there is no profile, and the limits. */
void daemon_configure_sampler(struct daemon *d)
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

void daemon_take_profiles(struct daemon *d, const struct profile *profiles, int count)
{
	memcpy(d->profiles, profiles, sizeof d->profiles);
	d->profile_count = count;
	if (d->sampler != NULL)
		sampler_set_profiles(d->sampler, d->profiles, d->profile_count);
}

void daemon_take_camera(struct daemon *d)
{
	struct error error;
	struct profile profiles[PROFILES_MAX];
	int count;
	log_info("the camera is %s", watch_name(d->watch));
	if (!daemon_load_profiles(d, profiles, &count, &error)) {
		log_warning("%s; judging without a profile", error.text);
		memset(profiles, 0, sizeof profiles);
		count = 0;
	}
	sampler_reset(d->sampler);
	daemon_configure_sampler(d);
	daemon_take_profiles(d, profiles, count);
	const struct report_context context = daemon_context(d);
	core_configure(&d->core, &context, &d->core.coach.config, d->config.notifications);
}

void daemon_apply_log_level(const char *level)
{
	static const char *const names[] = {"error", "warning", "info", "debug"};
	for (int i = 0; i < 4; i++)
		if (strcmp(level, names[i]) == 0)
			log_set_level((enum log_level)i);
}

struct sampler *daemon_new_sampler(const struct daemon *d, struct error *error)
{
	const struct sampler_config config = {
		.model_path = d->options.model,
		.pose_model = strcmp(d->config.pose_model, "full") == 0 ? NET_POSE_FULL
		                                                        : NET_POSE_LITE,
		.camera = config_camera(&d->config, CAMERA_WIDTH, CAMERA_HEIGHT),
		.posture = config_posture(&d->config),
	};
	return sampler_create(&config, error);
}

bool daemon_open_camera(struct daemon *d, struct error *error)
{
	const struct watch_config config = daemon_watch_config(d);
	d->watch = watch_create(&config, d->sampler, &d->watch_callbacks, error);
	return d->watch != NULL;
}

/* Another network, or another camera: d's own are replaced, the old ones stay with the caller. */
static bool renew(struct daemon *d, const struct config *old, struct error *error)
{
	const bool camera = d->options.source == NULL &&
	                    strcmp(d->config.camera_device, old->camera_device) != 0;
	const bool network = d->sampler != NULL &&
	                     strcmp(d->config.pose_model, old->pose_model) != 0;
	if (network) {
		struct sampler *sampler = daemon_new_sampler(d, error);
		if (sampler == NULL)
			return false;
		d->sampler = sampler;
	}
	return (!camera && !network) || daemon_open_camera(d, error);
}

bool daemon_reload(struct daemon *d, struct error *error)
{
	struct config fresh;
	struct profile profiles[PROFILES_MAX];
	int profile_count;
	if (!config_load(&fresh, d->config_path, error))
		return false;
	const struct config old = d->config;
	struct sampler *sampler = d->sampler;
	struct watch *camera = d->watch;
	d->config = fresh;
	const bool good = renew(d, &old, error) &&
	                  daemon_load_profiles(d, profiles, &profile_count, error);
	const bool renewed = d->watch != NULL && d->watch != camera;
	if (!good) {
		watch_free(renewed ? d->watch : NULL);
		sampler_free(d->sampler != sampler ? d->sampler : NULL);
		d->config = old;
		d->sampler = sampler;
		d->watch = camera;
		return false;
	}
	if (renewed)
		watch_free(camera);
	if (d->sampler != sampler)
		sampler_free(sampler);
	daemon_take_profiles(d, profiles, profile_count);
	daemon_apply_log_level(fresh.log_level);
	struct error why;
	if (!d->recorded && !remember_wrong(&d->core.coach, d->state_dir, &why))
		log_warning("%s", why.text);
	struct report_context context = daemon_context(d);
	struct coach_config coach = daemon_coach_config(d);
	struct watch_config watch = daemon_watch_config(d);
	core_configure(&d->core, &context, &coach, fresh.notifications);
	watch_configure(d->watch, &watch);
	if (d->sampler != NULL)
		daemon_configure_sampler(d);
	if (renewed && d->started)
		watch_start(d->watch);
	daemon_follow_pauses(d); /* another camera, other hours */
	return true;
}
