/* A picture understood: the one place where frame, landmarks, geometry and posture meet, shared by
 * the daemon and the commands. */
#ifndef UNKNOT_SAMPLE_SAMPLE_H
#define UNKNOT_SAMPLE_SAMPLE_H

#include "geometry/filter.h"
#include "geometry/match.h"
#include "geometry/measure.h"
#include "image/convert.h"
#include "landmark/face.h"
#include "landmark/pose.h"
#include "posture/posture.h"

struct sampler_config {
	const char *model_path;    /* NULL: model_file_open's own search */
	enum net_id pose_model;    /* NET_POSE_LITE or NET_POSE_FULL */
	struct camera camera;      /* scaled to each frame's size; a valid profile's camera wins */
	struct posture_config posture;
};

struct sample {
	double seconds;            /* of the frame */
	int width, height;         /* of the picture as it was looked at: turned upright */
	int turn;                  /* by so many quarters clockwise; all that
	                            * follows is of the turned picture */
	struct luma_statistics light;
	struct pose_result pose;
	struct face_result face;
	struct head_pose head;
	struct measures measures;  /* smoothed over the looks before, by time: geometry/filter.h */
	struct posture_verdict verdict;
	enum presence presence;    /* of this picture alone: present, away or blocked */
	bool camera_turned;        /* since the profile was made, as the room behind
	                            * tells; measures are freed of it */
	double camera_up_deg;      /* ... upward by so much, as a lid opened farther */
	enum match match;          /* whether the profile is of this person;
	                            * wrong: the verdict is unknown */
};

struct sampler;

struct sampler *sampler_create(const struct sampler_config *, struct error *);
void sampler_free(struct sampler *);

/* The profile that change measures refer to; NULL for none. Copied. */
void sampler_set_profile(struct sampler *, const struct profile *);
/* Several, at most PROFILES_MAX, the likeliest first: the one that fits comes into force. */
void sampler_set_profiles(struct sampler *, const struct profile *, int count);
/* The one in force; not valid when there is none. The pointer stays until profiles are set again or
 * another one comes into force. */
const struct profile *sampler_profile(const struct sampler *);
const struct camera *sampler_camera(const struct sampler *);
const struct posture_config *sampler_posture(const struct sampler *);

/* Camera and thresholds anew (a reload); the networks stay. */
void sampler_configure(struct sampler *, const struct camera *, const struct posture_config *);

/* Forgets tracks and how the camera hangs: the next frame is from somewhere else. */
void sampler_reset(struct sampler *);

/* Allocates nothing but, once, the room of a picture that has to be turned. */
void sampler_run(struct sampler *, const struct frame *, struct sample *);
/* The last picture as it was looked at, to draw on or to measure: upright. Its pixels are those of
 * the frame given or the sampler's own, until the next run. And the camera of it, for what that run
 * gave. */
const struct frame *sampler_frame(const struct sampler *);
struct camera sampler_frame_camera(const struct sampler *, const struct sample *);

/* What is behind the person in that picture, for a profile made of it; empty without a person. */
void sampler_keep_room(const struct sampler *, struct room *);

const char *sampler_model_hash(const struct sampler *);

#endif
